import assert from "node:assert/strict";
import { PostgresMachine } from "./postgresServer.ts";

/** Texts that look like SQL, quotes and all. */
const NAME = "or'ders # 50%";
const quoted = `"${NAME}"`;

const lasting = `
CREATE ROLE app LOGIN; CREATE ROLE reader; CREATE ROLE settled LOGIN; CREATE ROLE "in DATABASE x; --" LOGIN;
CREATE DATABASE ${quoted} OWNER app;
ALTER DATABASE ${quoted} SET search_path = shop, public;
ALTER DATABASE ${quoted} SET "app.note" = 'a;b ''c'' ON DATABASE x; GRANT ALL "d" :e \\f';
ALTER DATABASE ${quoted} SET default_transaction_read_only = on;
ALTER DATABASE ${quoted} CONNECTION LIMIT 50;
ALTER ROLE settled IN DATABASE ${quoted} SET statement_timeout = '5s';
ALTER ROLE "in DATABASE x; --" IN DATABASE ${quoted} SET search_path = shop, "od'd";
REVOKE CONNECT, TEMPORARY ON DATABASE ${quoted} FROM PUBLIC;
GRANT CONNECT ON DATABASE ${quoted} TO reader WITH GRANT OPTION;
GRANT CONNECT ON DATABASE ${quoted} TO settled;
COMMENT ON DATABASE ${quoted} IS 'Orders; see
ALTER DATABASE x OWNER TO y; -- ''it'' "all"';
`;
const inside = `
SET default_transaction_read_only = off;
CREATE SCHEMA shop AUTHORIZATION app;
CREATE TABLE shop.orders AS SELECT generate_series(1, 100) AS id;
ALTER TABLE shop.orders OWNER TO app;
GRANT USAGE ON SCHEMA shop TO settled;
GRANT SELECT ON shop.orders TO settled;
ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA shop GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
`;
/** All of it, from the catalogs. */
const properties = (database: string) => `
SELECT datdba::regrole, datconnlimit, datistemplate, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $$${database}$$;
SELECT setrole::regrole::text, unnest(setconfig) FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = $$${database}$$ ORDER BY 1, 2;
SELECT grantee::regrole::text, grantor::regrole, privilege_type, is_grantable
  FROM pg_database, aclexplode(datacl) WHERE datname = $$${database}$$ ORDER BY 1, 3;
SELECT defaclrole::regrole::text, defaclnamespace::regnamespace::text, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1, 2, 3;
`;

const counted = {
  owner: 1,
  settings: 4,
  roleSettings: 2,
  privileges: 3,
  defaultPrivileges: 2,
  comment: 1,
  labels: 0,
};

for (const { version, jobs } of [
  { version: 17, jobs: 1 },
  { version: 15, jobs: 2 },
] as const) {
  describe(`the properties of a database of PostgreSQL ${version}, dumped by ${jobs}`, function () {
    this.timeout("5m");
    let machine: PostgresMachine;
    let port: number;
    const artefact: { ARTEFACT?: string; JOBS?: string } = {};
    before(async () => {
      machine = await PostgresMachine.of(version);
      port = await machine.server();
      await machine.ask(port, "postgres", lasting);
      await machine.ask(port, NAME, inside);
      if (jobs > 1) Object.assign(artefact, { ARTEFACT: "/scratch/backup.tar", JOBS: String(jobs) });
    });
    after(() => machine?.remove());
    const backUp = () => machine.backUp(port, NAME, artefact as Record<string, string>);
    const drill = async () => {
      const ended = await machine.run("bash /programs/postgres/drill.sh", { RECOVERY_POINT: "60" });
      const { exitCode } = JSON.parse(await machine.read("drilled.json"));
      return { ...ended, exitCode: exitCode as number };
    };
    const restore = (environment: Record<string, string>, on = port) =>
      machine.program("restore", on, { PGDATABASE: "postgres", ...environment });

    it("are counted by the manifest, which lists every role that they name", async () => {
      const { database, roles } = await backUp();
      assert.deepEqual(database, counted);
      assert.deepEqual(roles.map(({ name }) => name).sort(), [
        "app",
        "in DATABASE x; --",
        "postgres",
        "reader",
        "settled",
      ]);
    });

    it("come back with a restore into a target: who may connect, and what a session finds", async () => {
      await backUp();
      const before = await machine.ask(port, NAME, properties(NAME));
      const tables = "SELECT count(*) FROM orders";
      await machine.ask(port, "postgres", `CREATE ROLE intruder LOGIN; CREATE DATABASE copy`);
      const { exitCode, all } = await restore({ TARGET: "copy", CONFIRM: "copy" });
      assert.equal(exitCode, 0, all);
      assert.equal(await machine.ask(port, "copy", properties("copy")), before);
      assert.equal(await machine.ask(port, "copy", tables, "settled"), "100");
      assert.match((await machine.psql(port, "copy", tables, "intruder")).all, /permission denied for database "copy"/);
    });

    it("come back on a server that lacks the roles", async () => {
      await backUp();
      const before = await machine.ask(port, NAME, properties(NAME));
      const other = await machine.server();
      const { exitCode, all } = await restore({ TARGET: "copy", CONFIRM: "copy" }, other);
      assert.equal(exitCode, 0, all);
      assert.match(all, /the server lacked the role (settled|"in DATABASE x; --"): it was made/);
      assert.equal(await machine.ask(other, "copy", properties("copy")), before);
    });

    it("come back from a backup whose manifest neither counts them nor lists roles", async () => {
      const { database: _, roles: __, ...older } = await backUp();
      const before = await machine.ask(port, NAME, properties(NAME));
      await machine.write("manifest.json", JSON.stringify(older));
      const other = await machine.server();
      const { exitCode, all } = await restore({ TARGET: "copy", CONFIRM: "copy" }, other);
      assert.equal(exitCode, 0, all);
      assert.equal(await machine.ask(other, "copy", properties("copy")), before);
    });

    it("pass a drill, which compares them with the manifest", async () => {
      const manifest = await backUp();
      const passed = await drill();
      assert.equal(passed.exitCode, 0, passed.all);
      const database = { ...counted, settings: 5 };
      await backUp();
      await machine.write("manifest.json", JSON.stringify({ ...manifest, database }));
      const { exitCode, all } = await drill();
      assert.match(
        all,
        /the database is not what the manifest says: settings: 4 in what was restored; the manifest says 5/,
      );
      assert.equal(exitCode, 21);
    });

    it("stop a restore where the dump has fewer than the manifest", async () => {
      const manifest = await backUp();
      const database = { ...counted, privileges: 4 };
      await machine.write("manifest.json", JSON.stringify({ ...manifest, database }));
      const { exitCode, all } = await restore({ TARGET: "lesser", CONFIRM: "lesser" });
      assert.match(all, /privileges: 3 in the dump; the manifest says 4/);
      assert.equal(exitCode, 21);
    });

    it("are named, without their values, where the server refuses them, and replace no target", async () => {
      await machine.ask(port, "postgres", `ALTER DATABASE ${quoted} SET log_statement = 'mod'`);
      try {
        await backUp();
        await machine.ask(
          port,
          "postgres",
          `CREATE ROLE admin LOGIN CREATEDB CREATEROLE; GRANT app, reader, settled, "in DATABASE x; --" TO admin;
           CREATE DATABASE mine OWNER admin`,
        );
        await machine.ask(port, "mine", "CREATE TABLE old AS SELECT 42 AS answer");
        const { exitCode, all } = await restore({ TARGET: "mine", CONFIRM: "mine", PGUSER: "admin" });
        assert.match(
          all,
          /ALTER DATABASE "mine_restored_\w+" SET log_statement TO … \(ERROR: +permission denied to set parameter "log_statement"\)/,
        );
        assert.doesNotMatch(all, /'mod'/);
        assert.match(all, /rename mine, which is as it was, and mine_restored_\w+ to mine/);
        assert.equal(exitCode, 34);
        assert.equal(await machine.ask(port, "mine", "SELECT answer FROM old"), "42");
      } finally {
        await machine.ask(port, "postgres", `ALTER DATABASE ${quoted} RESET log_statement`);
      }
    });

    it("fail a drill whose server refuses one", async () => {
      // A second name of a locale that the drill's server lacks.
      const here = await machine.run("cd /usr/lib/locale && cp -r C.utf8 od_OD.utf8", {}, 0);
      assert.equal(here.exitCode, 0, here.all);
      await machine.ask(port, "postgres", `ALTER DATABASE ${quoted} SET lc_monetary = 'od_OD.utf8'`);
      try {
        await backUp();
        await machine.run("rm -r /usr/lib/locale/od_OD.utf8", {}, 0);
        const { exitCode, all } = await drill();
        assert.match(
          all,
          /cannot be restored: ALTER DATABASE "restored" SET lc_monetary TO … \(ERROR: .*"lc_monetary"/,
        );
        assert.equal(exitCode, 21);
      } finally {
        await machine.ask(port, "postgres", `ALTER DATABASE ${quoted} RESET lc_monetary`);
      }
    });
  });
}
