import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { images } from "../../../domain/kubernetes/images.ts";
import { sandboxImages } from "../../../sandbox/images/index.ts";
import { imageNames, REGISTRY } from "../../../sandbox/images/names.ts";
import { writeImage } from "../../../sandbox/images/oci.ts";
import { recipes } from "../../../sandbox/images/recipes.ts";
import { type Image, readImage } from "./layout.ts";

/** What programs may rely on, and what the vendor's image lacks, so that they must not. */
const commands: Record<string, { has: string[]; lacks: string[] }> = {
  "library/postgres:17.6-trixie": {
    has: [
      "bash",
      "sh",
      "zstd",
      "gzip",
      "awk",
      "find",
      "psql",
      "pg_dump",
      "pg_restore",
      "pg_dumpall",
      "initdb",
      "pg_ctl",
    ],
    lacks: ["aws", "curl", "wget", "jq", "python3", "node", "openssl"],
  },
  "library/postgres:15.14-bookworm": {
    has: [
      "bash",
      "sh",
      "zstd",
      "gzip",
      "awk",
      "find",
      "psql",
      "pg_dump",
      "pg_restore",
      "pg_dumpall",
      "initdb",
      "pg_ctl",
    ],
    lacks: ["aws", "curl", "wget", "jq", "python3", "node", "openssl"],
  },
  "library/redis:8.0.2-bookworm": {
    has: ["bash", "sh", "gzip", "redis-server", "redis-cli", "redis-check-rdb"],
    lacks: ["aws", "curl", "jq", "python3", "zstd"],
  },
  "amazon/aws-cli:2.28.11": {
    has: ["bash", "sh", "aws", "jq", "find", "xargs", "awk", "sed", "grep", "sha256sum", "date"],
    lacks: ["tar", "gzip", "zstd", "openssl", "python3", "perl", "which", "psql"],
  },
  "library/node:24.21.0-trixie-slim": {
    has: ["bash", "sh", "node", "gzip", "tar"],
    lacks: ["aws", "curl", "jq", "python3", "psql"],
  },
  "curlimages/curl:8.14.1": {
    has: ["sh", "curl", "awk", "sed", "gzip"],
    lacks: ["bash", "aws", "jq", "psql", "openssl"],
  },
  "prom/alertmanager:v0.28.1": {
    has: ["sh", "alertmanager", "amtool"],
    lacks: ["bash", "curl", "aws", "jq", "prometheus"],
  },
};

describe("the sandbox's images", () => {
  const byName = new Map<string, Image>();

  before(async function () {
    this.timeout("10m");
    for (const file of await sandboxImages()) {
      const image = await readImage(file);
      byName.set(image.name, image);
    }
  });

  const find = (name: string) => byName.get(`${REGISTRY}/${name}`) as Image;

  it("there is one for every image that the program's jobs run", () => {
    const { postgres, awsCli, node } = images(REGISTRY);
    for (const name of [postgres(15), postgres(17), awsCli, node, imageNames.pause]) ok(byName.has(name), name);
    deepEqual(
      Object.keys(commands)
        .map((name) => `${REGISTRY}/${name}`)
        .sort(),
      recipes.map(({ name }) => name).sort(),
    );
  });

  it("each says that it is a stand-in", () => {
    for (const { config } of byName.values()) equal(config.Labels["org.upkeep.sandbox.stand-in"], "true");
  });

  it("each holds blobs with the digests that it is listed under", () => {
    for (const { name, damaged } of byName.values()) deepEqual(damaged, [], name);
  });

  for (const [name, { has, lacks }] of Object.entries(commands)) {
    it(`${name} has the vendor's commands on PATH and no other that programs are tempted by`, () => {
      const onPath = (command: string) => find(name).programs.has(command);
      deepEqual(
        has.filter((command) => !onPath(command)),
        [],
      );
      deepEqual(lacks.filter(onPath), []);
    });
  }

  it("PostgreSQL's clients are of the server's major version", async () => {
    for (const major of [15, 17] as const) {
      const image = byName.get(imageNames.postgres(major)) as Image;
      match(await image.run(["pg_dump", "--version"]), new RegExp(`^pg_dump \\(PostgreSQL\\) ${major}\\.`));
      equal(await image.run(["id", "-u", "postgres"]), "999");
      match(await image.run(["locale", "-a"]), /^en_US\.utf8$/m);
    }
  });

  it("the other vendors' programs start", async () => {
    match(await find("library/redis:8.0.2-bookworm").run(["redis-server", "--version"]), /v=8\.0\.2/);
    match(await find("amazon/aws-cli:2.28.11").run(["aws", "--version"]), /^aws-cli/);
    equal(await find("library/node:24.21.0-trixie-slim").run(["node", "--version"]), "v24.21.0");
    match(await find("prom/alertmanager:v0.28.1").run(["alertmanager", "--version"]), /version 0\.28\.1/);
    match(await find("curlimages/curl:8.14.1").run(["curl", "--version"]), /^curl 8\.14\.1 /);
  });

  it("curl's names its user by name, so a pod has to give the number", () => {
    equal(find("curlimages/curl:8.14.1").config.User, "curl_user");
  });
});

describe("writing an image", () => {
  it("gives the same bytes for the same files, whenever they were made", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "upkeep-image-"));
    try {
      const digests: string[] = [];
      for (const time of [1, 1_000_000_000]) {
        const root = join(scratch, `${time}`);
        await mkdir(root);
        await writeFile(join(root, "file"), "content");
        await utimes(join(root, "file"), time, time);
        await writeImage("example.invalid/a:1", root, { Env: [], Entrypoint: ["/file"] }, join(scratch, `${time}.tar`));
        digests.push((await execa("sha256sum", [], { inputFile: join(scratch, `${time}.tar`) })).stdout);
      }
      equal(digests[0], digests[1]);
    } finally {
      await rm(scratch, { recursive: true });
    }
  });
});
