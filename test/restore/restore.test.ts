import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { contents } from "./contents.ts";
import { ended, runJob } from "./run.ts";
import { Shelf } from "./shelf.ts";

const servers = {
  mplp: { namespace: "mplp-production", pod: "postgresql-0", database: "mplp_production", job: "mplp-backup" },
  "lang-observatory": {
    namespace: "lang-observatory",
    pod: "lang-observatory-postgresql-0",
    database: "langfuse",
    job: "postgres-backup",
  },
} as const;
type Service = keyof typeof servers;

/** A role that only the dump knows when it is restored. */
const role = "Prüfer & Co";

describe("a restore of PostgreSQL", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  const made: { service: Service; database: string }[] = [];
  before(async () => {
    sandbox = await sandboxUnderTest();
    await removeMade();
  });
  after(removeMade);

  /** What a test that was ended left behind goes too. */
  async function removeMade(): Promise<void> {
    for (const service of Object.keys(servers) as Service[]) {
      for (const database of await databases(service)) {
        const own = made.some((one) => one.service === service && one.database === database);
        if (own || /_restored_\d{8}t/.test(database))
          await ask(service, "postgres", `DROP DATABASE ${database} (FORCE);`);
      }
    }
    await ask(
      "mplp",
      servers.mplp.database,
      `DO $$ BEGIN
      IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN DROP OWNED BY "${role}"; DROP ROLE "${role}"; END IF;
    END $$;`,
    );
  }

  /** As the superuser, inside the server's pod. */
  function ask(service: Service, database: string, sql: string): Promise<string> {
    const { namespace, pod } = servers[service];
    const psql = ["psql", "-U", "postgres", "-d", database, "--no-psqlrc", "-qAtF", "\t", "-v", "ON_ERROR_STOP=1"];
    return sandbox.run("kubectl", ["--namespace", namespace, "exec", "--stdin", pod, "--", ...psql], sql);
  }
  const tablesOf = (service: Service, database: string) => contents((sql) => ask(service, database, sql));
  const databases = async (service: Service) =>
    (await ask(service, "postgres", "SELECT datname FROM pg_database WHERE NOT datistemplate;")).split("\n");

  function restore(service: Service, environment: Record<string, string>) {
    const { namespace, job } = servers[service];
    return runJob(sandbox, namespace, `${job}-restore`, { environment });
  }

  for (const service of Object.keys(servers) as Service[]) {
    const { namespace, database, job } = servers[service];

    it(`of ${service} gives back every row, type, owner and right in a database of its own`, async () => {
      if (service === "mplp") {
        await ask(service, "postgres", `CREATE ROLE "${role}" NOLOGIN;`);
        await ask(service, database, `GRANT SELECT ON plans TO "${role}";`);
      }
      const shelf = await Shelf.of(sandbox, service, "database/");
      const dumped = await runJob(sandbox, namespace, job, { environment: { PREFIX: shelf.prefix } });
      assert.ok(dumped.succeeded, dumped.log);
      const live = await tablesOf(service, database);
      if (service === "mplp") {
        await ask(service, database, `REVOKE SELECT ON plans FROM "${role}";`);
        await ask(service, "postgres", `DROP ROLE "${role}";`);
      }

      const before = await databases(service);
      const { succeeded, log } = await restore(service, { PREFIX: shelf.prefix });
      assert.ok(succeeded, log);
      assert.match(log, /no TARGET: the backup is restored into a database of its own, and replaces nothing/);
      const added = (await databases(service)).filter((name) => !before.includes(name));
      made.push(...added.map((name) => ({ service, database: name })));
      assert.equal(added.length, 1);
      assert.match(added[0] as string, new RegExp(`^${database}_restored_\\d{8}t\\d{6}z$`));
      const copy = await tablesOf(service, added[0] as string);
      assert.deepEqual(copy, live);
      assert.ok(Object.keys(live).length > 5);

      const twice = await restore(service, { PREFIX: shelf.prefix });
      assert.equal(twice.exitCode, 32, twice.log);
      assert.match(twice.log, /is there already, from an earlier restore of this backup/);
      assert.deepEqual(await tablesOf(service, added[0] as string), live);
    });
  }

  describe("into a target", () => {
    const service = "mplp";
    let shelf: Shelf;
    let target: string;
    before(async () => {
      shelf = await Shelf.of(sandbox, service, "database/");
      await shelf.backup("2026-06-01T00:00:00Z");
    });
    beforeEach(async () => {
      target = `t${randomUUID().slice(0, 8)}`;
      made.push({ service, database: target });
      await ask(service, "postgres", `CREATE DATABASE ${target};`);
      await ask(service, target, "CREATE TABLE old AS SELECT 42 AS answer;");
    });
    const into = (environment: Record<string, string>) => restore(service, { PREFIX: shelf.prefix, ...environment });
    const untouched = async () => {
      assert.equal(await ask(service, target, "SELECT answer FROM old;"), "42");
      assert.deepEqual(await shelf.keys("before-restore/"), []);
    };

    it("that is not empty is refused while nothing confirms it", async () => {
      const { exitCode, log } = await into({ TARGET: target });
      assert.match(log, new RegExp(`the target ${target} is not empty, it holds 1 tables: nothing was done`));
      assert.equal(exitCode, 31);
      await untouched();
    });

    it("is refused for another name's confirmation, and for one without a target", async () => {
      const other = await into({ TARGET: target, CONFIRM: "mplp_production" });
      assert.match(other.log, new RegExp(`CONFIRM is "mplp_production", and TARGET "${target}": nothing was done`));
      assert.equal(other.exitCode, 30);
      const none = await into({ CONFIRM: target });
      assert.match(none.log, /there is no TARGET that it confirms/);
      assert.equal(none.exitCode, 30);
      await untouched();
    });

    it("that is confirmed takes its place, keeps the old one beside it and in S3, and ends who is connected", async () => {
      const connected = ask(service, target, "SELECT pg_sleep(120);").then(
        () => "finished",
        ({ stderr }: { stderr: string }) => stderr,
      );
      const { succeeded, log } = await into({ TARGET: target, CONFIRM: target });
      assert.ok(succeeded, log);
      assert.match(await connected, /terminating connection due to administrator command/);
      assert.equal(await ask(service, target, "SELECT count(*) FROM plans;"), "20000");
      const old = (await databases(service)).filter((name) => name.startsWith(`${target}_before_`));
      made.push(...old.map((database) => ({ service, database }) as const));
      assert.equal(old.length, 1);
      assert.equal(await ask(service, old[0] as string, "SELECT answer FROM old;"), "42");
      const [kept, ...more] = await shelf.keys("before-restore/");
      assert.deepEqual(more, []);
      assert.match(kept as string, /before-restore\/\d{8}T\d{6}Z\.dump$/);
    });

    it("leaves nothing half restored where the dump is not what its manifest says", async () => {
      const other = await Shelf.of(sandbox, service, "database/");
      await other.backup("2026-06-02T00:00:00Z", { tables: [{ name: "public.plans", rows: 1 }] });
      const before = await databases(service);
      const { exitCode, log } = await into({ PREFIX: other.prefix, TARGET: target, CONFIRM: target });
      assert.match(log, /public\.plans has 20000 rows; the manifest says 1/);
      assert.equal(exitCode, 21);
      assert.deepEqual(await databases(service), before);
      assert.equal(await ask(service, target, "SELECT answer FROM old;"), "42");
    });
  });

  it("is started by the pipe that its annotation gives, which reaches every container: DRY_RUN fetches and reads", async () => {
    const { namespace, job } = servers.mplp;
    const start = await sandbox.kubectl(
      ...["--namespace", namespace, "get", "cronjob", `${job}-restore`],
      "--output=jsonpath={.metadata.annotations.upkeep/start}",
    );
    assert.match(start, /kubectl set env --local -f - TARGET=mplp_production CONFIRM=mplp_production -o yaml/);
    const shelf = await Shelf.of(sandbox, "mplp", "database/");
    const first = await shelf.backup("2026-06-01T00:00:00Z");
    await shelf.backup("2026-06-02T00:00:00Z");
    const suspect = await shelf.backup("2026-06-03T00:00:00Z", {}, "suspect");
    const before = await databases("mplp");
    const run = async (parameters: string) => {
      const command = start.replace(
        "TARGET=mplp_production CONFIRM=mplp_production",
        `PREFIX=${shelf.prefix} ${parameters}`,
      );
      const created = await sandbox.run("bash", ["-o", "pipefail", "-c", command]);
      return ended(sandbox, namespace, /job\.batch\/(\S+) created/.exec(created)?.[1] as string);
    };
    const earlier = await run("DRY_RUN=1 BEFORE=2026-06-02T00:00:00Z");
    assert.ok(earlier.succeeded, earlier.log);
    assert.match(
      earlier.log,
      new RegExp(`fetched ${first} .*DRY_RUN: the backup of mplp_production was fetched and read whole`, "s"),
    );
    const named = await run(`DRY_RUN=1 BACKUP=${suspect}`);
    assert.ok(named.succeeded, named.log);
    assert.match(named.log, new RegExp(`fetched ${suspect} `));
    const unreadable = await run("DRY_RUN=1 BEFORE=yesterday-ish");
    assert.match(unreadable.log, /BEFORE is "yesterday-ish", which is no time/);
    assert.equal(unreadable.exitCode, 64);
    const unknown = await run("DRY_RUN=1 BACKUP=20260604T000000Z-none");
    assert.match(unknown.log, /no backup "20260604T000000Z-none" lies under/);
    assert.equal(unknown.exitCode, 10);
    assert.deepEqual(await databases("mplp"), before);
  });
});
