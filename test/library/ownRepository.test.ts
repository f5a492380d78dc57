import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import type { Report } from "../../cli/diff/report.ts";
import { bundled } from "../../components/jobs/bundle.ts";
import { policies } from "../../policies/policies.ts";
import { toolsOnPath } from "../../sandbox/tools/index.ts";
import { startAnalyzer } from "../hosts/analyzer.ts";
import {
  created,
  installPacked,
  type ModuleSetting,
  moduleSettings,
  nodes,
  OwnRepository,
  previewer,
  type Start,
} from "./ownRepository.ts";
import { unexported } from "./unexported.js";

const stock = moduleSettings[0] as ModuleSetting;

const { own, other } = nodes;

/** Every subpath, right and wrong. */
const uses = `
import { DeclarationError, deploy, type Service } from "upkeep";
import { MaintenanceJob, type Step } from "upkeep/components";
import { assumed, postgres, secret, type Backup } from "upkeep/declaration";
import { policies } from "upkeep/policies";
import { judgeYaml, UNKNOWN, type Report } from "upkeep/testing";

export const things = [deploy, DeclarationError, MaintenanceJob, policies.length, judgeYaml, UNKNOWN];
export type Types = [Service, Step, Backup, Report];
const database = { host: "db", version: 17, database: "orders", credentials: secret("db") } as const;
export const right = postgres("orders", { ...database, size: assumed("10Gi") });
// @ts-expect-error: not a size
export const wrong = postgres("orders", { ...database, size: assumed("10 GB") });
`;

/** A team's own resource, which the pack refuses. */
const plainBucket = `
const provider = new aws.Provider("own", { region: "eu-central-1" });
new aws.s3.Bucket("plain", { bucket: "plain" }, { provider });
`;

describe("examples/own-repository, with the packed library", function () {
  this.timeout("15m");
  let scratch: string;
  let modules: string;
  let preview: Awaited<ReturnType<typeof previewer>>;
  const repositories = new Map<string, OwnRepository>();
  /** What the first preview would create. */
  let expected: string[] | undefined;

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), "upkeep-library-"));
    modules = await installPacked(scratch);
    preview = await previewer(join(scratch, "engine"));
    for (const setting of moduleSettings) {
      repositories.set(setting.name, new OwnRepository(join(scratch, setting.name), modules, setting));
    }
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const repository = (name: string) => repositories.get(name) as OwnRepository;

  it("is compiled: Node strips no types under node_modules", async () => {
    const files = await readdir(join(modules, "upkeep"), { recursive: true });
    assert.ok(files.includes("dist/library/index.js"));
    assert.deepEqual(
      files.filter((file) => /(?<!\.d)\.ts$/.test(file)),
      [],
    );
  });

  it("carries its programs bundled, as a clone would run them: no bundler is installed with it", async () => {
    const installed = await readdir(modules);
    assert.deepEqual(
      installed.filter((name) => ["esbuild", "age-encryption", "aws4fetch"].includes(name)),
      [],
    );
    for (const name of ["health/monitor", "configuration/export-secrets"]) {
      const packed = await readFile(join(modules, `upkeep/dist/programs/${name}.js`), "utf8");
      assert.equal(packed, bundled(`${name}.ts`));
    }
  });

  for (const { name } of moduleSettings) {
    it(`passes TypeScript 5 with every subpath: ${name}`, async () => {
      const { folder } = repository(name);
      writeFileSync(join(folder, "uses.ts"), uses);
      writeFileSync(
        join(folder, "tsconfig.uses.json"),
        JSON.stringify({ extends: "./tsconfig.json", files: ["index.ts", "uses.ts"] }),
      );
      const { all } = await execa(
        join(modules, ".bin/tsc"),
        ["--project", "tsconfig.uses.json", "--noEmit", "--skipLibCheck", "--pretty", "false"],
        { cwd: folder, reject: false, all: true },
      );
      assert.equal(all, "");
    });
  }

  // test/nightly/library.test.ts has the clone's own Node with the other settings.
  const starts: (Start & { name: string })[] = [
    // As a stock Pulumi starts it: ts-node judges the types.
    { name: "commonjs", node: other, runner: "ts-node" },
    { name: "node16", node: other, runner: "ts-node without types" },
    { name: "nodenext", node: other, runner: "ts-node without types" },
    { name: "esm", node: other, runner: "ts-node without types" },
    { name: "esm", node: own, runner: "node" },
  ];
  for (const { name, ...start } of starts) {
    it(`previews, judged by the pack: ${name} by ${start.runner}, Node in ${start.node === own ? "the clone" : "PATH"}`, async () => {
      const urns = await created(preview, repository(name), start);
      expected ??= urns;
      assert.deepEqual(urns, expected);
      for (const part of [":CronJob::shop-orders-cronjob", ":Bucket::shop-backups-bucket", "::alert-routes"]) {
        assert.ok(
          urns.some((urn) => urn.endsWith(part)),
          `no ${part} among ${urns.join("\n")}`,
        );
      }
    });
  }

  it("is refused by the pack where it declares what cannot keep a promise", async () => {
    const plain = new OwnRepository(join(scratch, "plain"), modules, stock);
    plain.edit(
      "index.ts",
      "deploy({",
      `new (require("@pulumi/aws").s3.Bucket)("plain", { bucket: "plain" }, { provider: new (require("@pulumi/aws").Provider)("own", { region: "eu-central-1" }) });\nexport const all = deploy({`,
    );
    const { all, exitCode } = await preview(plain, { node: other, runner: "ts-node without types" });
    assert.notEqual(exitCode, 0);
    assert.match(all, /bucket-hardened/);
  });

  it("follows the repository's own policies/config, which the pack refuses where it means nothing", async () => {
    const misspelt = new OwnRepository(join(scratch, "misspelt"), modules, stock);
    misspelt.edit("policies/config/prod.json", '"all"', '"image-pined": "advisory", "all"');
    const { all, exitCode } = await preview(misspelt, { node: other, runner: "ts-node without types" });
    assert.notEqual(exitCode, 0);
    assert.match(all, /the configuration of upkeep-policies cannot be used/);
    assert.match(all, /did you mean image-pinned\?/);
  });

  it("names a broken promise without stack frames", async () => {
    const broken = new OwnRepository(join(scratch, "broken"), modules, stock);
    broken.edit("services/shop.ts", 'recoveryPoint: guide("26h")', 'recoveryPoint: guide("2h")');
    const { all, exitCode } = await preview(broken, { node: other, runner: "ts-node without types" });
    assert.notEqual(exitCode, 0);
    assert.match(all, /service "shop" cannot be deployed/);
    assert.doesNotMatch(all, /unhandled exception|\n +at /);
  });

  for (const node of [other, own]) {
    it(`has a policy pack as a directory, for the host of a stock Pulumi: Node in ${node === own ? "the clone" : "PATH"}`, async () => {
      const pack = join(repository("commonjs").folder, "node_modules/upkeep/policies");
      const host = join(modules, "@pulumi/pulumi/cmd/run-policy-pack");
      const analyzer = await startAnalyzer(join(node, "node"), [host, "127.0.0.1:1", pack], pack);
      const { name, version, policies: given } = await analyzer.info().finally(() => analyzer.stop());
      assert.deepEqual([name, version, given.length], ["upkeep-policies", "0.1.0", policies.length]);
    });
  }

  describe("with `npx upkeep diff`, and its program in a folder of its clone", () => {
    let folder: string;
    let upkeep: (...args: string[]) => Promise<{ stdout: string; stderr: string; exitCode?: number | undefined }>;
    before(async () => {
      const root = join(scratch, "cloned");
      mkdirSync(root);
      const cloned = new OwnRepository(join(root, "infrastructure"), modules, moduleSettings.at(-1) as ModuleSetting);
      folder = cloned.folder;
      // No one who compares has the passphrase.
      cloned.edit("Pulumi.prod.yaml", "config:", "config:\n  shop:token: { secure: v1:AAAA:BBBB }");
      const git = (...args: string[]) => execa("git", args, { cwd: root });
      const author = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
      await git("init", "--quiet", "--initial-branch=main");
      writeFileSync(join(root, ".git/info/exclude"), "node_modules\n");
      await git("add", "--all");
      await git(...author, "commit", "--quiet", "--message=Declare the shop");
      const PATH = [own, await toolsOnPath(["pulumi"])].join(delimiter);
      // An empty home: nothing of the user's is read.
      const env = { PATH, HOME: join(scratch, "home") };
      upkeep = (...args) =>
        execa(join(folder, "node_modules/.bin/upkeep"), args, {
          ...{ cwd: folder, env, extendEnv: false, reject: false, stdin: "ignore" },
        });
    });

    it("finds nothing where nothing changed, and touches no file", async () => {
      const { stdout, stderr, exitCode } = await upkeep("diff", "--base=main", "prod");
      assert.equal(exitCode, 0, stderr);
      assert.match(stdout, /^prod compared with main \([0-9a-f]{12}\): nothing changes$/);
      assert.equal((await execa("git", ["status", "--porcelain"], { cwd: folder })).stdout, "");
    });

    it("shows a promise that changes, a resource of its own, and what the pack says of it", async () => {
      const shop = readFileSync(join(folder, "services/shop.ts"), "utf8");
      const program = readFileSync(join(folder, "index.ts"), "utf8");
      writeFileSync(join(folder, "services/shop.ts"), shop.replace('guide("26h")', 'guide("40h")'));
      writeFileSync(join(folder, "index.ts"), `import * as aws from "@pulumi/aws";\n${program}${plainBucket}`);
      const { stdout, stderr, exitCode } = await upkeep("diff", "--base=main", "--json", "prod");
      assert.equal(exitCode, 1, stderr);
      const [report] = JSON.parse(stdout) as [Report];
      assert.deepEqual(report.failure, []);
      const [promise] = report.promises;
      assert.deepEqual(
        [promise?.subject, promise?.what, promise?.before, promise?.after, promise?.direction],
        ["shop", "promised recovery point", "26h", "40h", "worse"],
      );
      const created = report.resources.flatMap(({ changes }) => changes.filter(({ op }) => op === "create"));
      assert.deepEqual(created.map(({ name }) => name).sort(), ["own", "plain"]);
      const isNew = report.policies.violations.find(({ policy }) => policy === "bucket-hardened")?.isNew;
      assert.equal(isNew, true, JSON.stringify(report.policies));
    });

    it("says how it is asked, which stacks there are, and that an older Node does not do", async () => {
      const asked = await Promise.all([upkeep("diff", "prod"), upkeep("diff", "--base=main", "production")]);
      assert.match(asked[0].stderr, /Try: npx upkeep diff --base=origin\/main prod$/);
      assert.match(asked[1].stderr, /"production" is not a stack; allowed: prod\. Try: npx upkeep diff prod$/);
      const bin = join(modules, "upkeep/dist/cli/upkeep.js");
      const { stderr } = await execa(join(other, "node"), [bin, "diff"], { reject: false });
      if (Number((await execa(join(other, "node"), ["--version"])).stdout.slice(1, 3)) < 22)
        assert.match(stderr, /Node is v20.*; needed: 22 or later/);
    });
  });

  it("can import every component, and every type of their arguments", () => {
    assert.deepEqual(unexported(modules), []);
  });
});
