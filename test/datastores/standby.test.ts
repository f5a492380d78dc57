import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { closedPort } from "../programs/servers.ts";
import { PostgresMachine } from "./postgresServer.ts";

describe("a dump of a standby of PostgreSQL", function () {
  this.timeout("5m");
  let machine: PostgresMachine;
  let primary: number;
  let standby: number;
  before(async () => {
    machine = await PostgresMachine.of(17);
    // Its workers commit whenever they like.
    primary = await machine.server(undefined, ["autovacuum=off"]);
    await machine.ask(primary, "postgres", "CREATE TABLE orders AS SELECT 1 AS id; CREATE ROLE reader LOGIN");
    await machine.ask(primary, "postgres", "GRANT pg_read_all_data TO reader");
    standby = await follower(primary);
  });
  after(() => machine?.remove());

  const follower = (of: number) =>
    machine.server(
      (data) =>
        `pg_basebackup --no-sync --checkpoint=fast --write-recovery-conf --pgdata=${data} -h 127.0.0.1 -p ${of} -U postgres`,
    );
  const dump = (port: number, maxLag: number, user = "postgres") =>
    machine.program("dump", port, { PGDATABASE: "postgres", MAX_LAG: String(maxLag), PGUSER: user });
  const startedAt = async () => Date.parse(JSON.parse(await machine.read("dumped.json")).startedAt);
  const change = () => machine.ask(primary, "postgres", "INSERT INTO orders VALUES (2)");
  const replayed = async (port: number) => {
    const lsn = await machine.ask(primary, "postgres", "SELECT pg_current_wal_lsn()");
    while ((await machine.ask(port, "postgres", `SELECT pg_last_wal_replay_lsn() >= '${lsn}'`)) !== "t")
      await sleep(50);
  };

  for (const user of ["postgres", "reader"]) {
    it(`is made by ${user} while it has replayed all, however long ago its primary changed anything`, async () => {
      await change();
      await replayed(standby);
      await sleep(3000);
      const before = Date.now();
      const { exitCode, all } = await dump(standby, 1, user);
      assert.equal(exitCode, 0, all);
      assert.ok((await startedAt()) >= before - 1000, `${await startedAt()} is before ${before}`);
    });
  }

  it("has the time of the last transaction that it replayed, and is refused when that is too long ago", async () => {
    await change();
    await replayed(standby);
    await machine.ask(standby, "postgres", "SELECT pg_wal_replay_pause()");
    try {
      await sleep(3000);
      await change();
      const last = await machine.ask(
        standby,
        "postgres",
        "SELECT floor(extract(epoch FROM pg_last_xact_replay_timestamp()))",
      );
      const accepted = await dump(standby, 3600);
      assert.equal(accepted.exitCode, 0, accepted.all);
      assert.equal((await startedAt()) / 1000, Number(last));

      const { exitCode, all } = await dump(standby, 2);
      assert.match(
        all,
        /127\.0\.0\.1 is a standby that is \d+ s behind: the last transaction that it replayed was committed at \d{4}-\d\d-\d\dT[\d:]+Z; allowed: at most 2 s.* declare the primary's host, or declare a longer maxLag/,
      );
      assert.equal(exitCode, 1);
    } finally {
      await machine.ask(standby, "postgres", "SELECT pg_wal_replay_resume()");
    }
  });

  it("is refused when it receives nothing, though it has replayed all that it received", async () => {
    await replayed(standby);
    const moved = `host=127.0.0.1 port=${await closedPort()}`;
    await machine.ask(standby, "postgres", `ALTER SYSTEM SET primary_conninfo = '${moved}'`);
    await machine.ask(standby, "postgres", "SELECT pg_reload_conf()");
    await change();
    await sleep(3000);
    for (const user of ["postgres", "reader"]) {
      const { exitCode, all } = await dump(standby, 2, user);
      assert.match(all, /is a standby that is \d+ s behind/);
      assert.equal(exitCode, 1);
    }
    await machine.ask(standby, "postgres", "ALTER SYSTEM RESET primary_conninfo");
    await machine.ask(standby, "postgres", "SELECT pg_reload_conf()");
  });

  it("is refused when it never replayed a transaction and receives nothing", async () => {
    const closed = await closedPort();
    const silent = await machine.server(
      (data) =>
        `pg_basebackup --no-sync --checkpoint=fast --write-recovery-conf --pgdata=${data} -h 127.0.0.1 -p ${primary} -U postgres &&
         echo "primary_conninfo = 'host=127.0.0.1 port=${closed}'" >>${data}/postgresql.auto.conf`,
    );
    const { exitCode, all } = await dump(silent, 3600);
    assert.match(all, /is a standby that has replayed no transaction since it started and receives nothing; allowed/);
    assert.equal(exitCode, 1);
  });

  it("is judged by nothing on a primary, whose time is the clock's", async () => {
    const before = Date.now();
    const { exitCode, all } = await dump(primary, 1);
    assert.equal(exitCode, 0, all);
    assert.ok((await startedAt()) >= before - 1000);
  });
});
