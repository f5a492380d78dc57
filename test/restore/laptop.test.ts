import assert from "node:assert/strict";
import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { certificate } from "../../sandbox/certificates.ts";
import { imageNames } from "../../sandbox/images/names.ts";
import { s3AccessKey, s3Url } from "../../sandbox/parts/seaweedfs.ts";
import { Machine } from "../support/machine.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { freePort } from "../support/servers/server.ts";
import { contents } from "./contents.ts";
import { Shelf } from "./shelf.ts";

const USER = 999;

describe("a restore without the cluster", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let laptop: Machine;
  let server: ReturnType<Machine["start"]>;
  let url: string;
  const machines: Machine[] = [];

  before(async () => {
    sandbox = await sandboxUnderTest();
    const port = await freePort();
    laptop = await Machine.of(imageNames.postgres(17));
    machines.push(laptop);
    url = `postgresql://postgres:secret@127.0.0.1:${port}/postgres?connect_timeout=5`;
    server = laptop.start(
      USER,
      `cd /tmp && echo secret >/tmp/password &&
       initdb --no-sync --pgdata=/tmp/data --username=postgres --auth=scram-sha-256 --pwfile=/tmp/password --encoding=UTF8 --locale=C.UTF-8 &&
       exec postgres -D /tmp/data -k /tmp -p ${port} -c listen_addresses=127.0.0.1 -c dynamic_shared_memory_type=mmap`,
      {},
    );
    for (let tries = 0; (await ask("postgres", "SELECT 1;")).exitCode !== 0; tries += 1) {
      assert.ok(tries < 120, "the server does not start");
      await sleep(1000);
    }
  });
  after(async () => {
    server?.kill("SIGKILL");
    await server;
    for (const machine of machines) await machine.remove();
  });

  it("needs AWS credentials and a database URL: every row, type and right is there", async () => {
    const { settings } = sandbox;
    const shelf = await Shelf.of(sandbox, "mplp", "database/");
    const fetcher = await Machine.of(imageNames.awsCli);
    machines.push(fetcher);
    await copyFile(certificate(settings, "ca").certificate, join(fetcher.root, "ca.crt"));
    await mkdir(join(fetcher.root, "fetched"));
    await chmod(join(fetcher.root, "fetched"), 0o777);
    const { accessKeyId, secretAccessKey } = await s3AccessKey(settings, "backup-restorer");
    const fetched = await fetcher.start(65_532, "bash /programs/backup/fetch.sh", {
      SCRATCH: "/fetched",
      BUCKET: shelf.bucket,
      PREFIX: "database/",
      KIND: "postgres",
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL_S3: s3Url(settings),
      AWS_CA_BUNDLE: "/ca.crt",
    });
    assert.equal(fetched.exitCode, 0, fetched.all);
    await mkdir(join(laptop.root, "fetched"));
    await chmod(join(laptop.root, "fetched"), 0o777);
    for (const file of ["manifest.json", "backup.dump"]) {
      await copyFile(join(fetcher.root, "fetched", file), join(laptop.root, "fetched", file));
    }

    const restored = await laptop.start(USER, "bash /programs/postgres/restore.sh", {
      SCRATCH: "/fetched",
      DATABASE_URL: url,
    });
    assert.equal(restored.exitCode, 0, restored.all);
    assert.match(String(restored.all), /the server (lacked the role|has no role) "?mplp"?: it (was|is) made/);
    const database = /into (\S+), as its manifest says/.exec(String(restored.all))?.[1] as string;
    assert.match(database, /^mplp_production_restored_\d{8}t\d{6}z$/);

    const live = await contents((sql) =>
      sandbox.run(
        "kubectl",
        [
          ...["--namespace", "mplp-production", "exec", "--stdin", "postgresql-0", "--"],
          ...["psql", "-U", "postgres", "-d", "mplp_production", "--no-psqlrc", "-qAtF", "\t", "-v", "ON_ERROR_STOP=1"],
        ],
        sql,
      ),
    );
    const copy = await contents(async (sql) => {
      const { exitCode, stdout, all } = await ask(database, sql);
      assert.equal(exitCode, 0, all);
      return stdout.trim();
    });
    assert.deepEqual(copy, live);
  });

  async function ask(database: string, sql: string) {
    const connection = url.replace("/postgres?", `/${database}?`);
    const psql = `psql '${connection}' --no-psqlrc -qAtF '\t' -v ON_ERROR_STOP=1 <<<"$SQL"`;
    return laptop.start(USER, psql, { SQL: sql });
  }
});
