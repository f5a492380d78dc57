import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { freePort } from "../support/servers/server.ts";
import { PostgresMachine } from "./postgresServer.ts";

describe("a dump of PostgreSQL through pgbouncer", function () {
  this.timeout("5m");
  let machine: PostgresMachine;
  let port: number;
  const ends: (() => Promise<unknown>)[] = [];
  before(async () => {
    machine = await PostgresMachine.of(17);
    port = await machine.server();
    await machine.ask(port, "postgres", "CREATE DATABASE shop; ALTER DATABASE shop SET search_path = shop, public");
    await machine.ask(
      port,
      "shop",
      "CREATE SCHEMA shop; CREATE TABLE shop.orders AS SELECT generate_series(1, 100) AS id",
    );
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  after(() => machine?.remove());

  /** Starts pgbouncer, which is on PATH, before the server. @returns its port */
  async function pooler(settings: Record<string, string | number>): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), "upkeep-pooler-"));
    const own = await freePort();
    const all = { listen_addr: "127.0.0.1", listen_port: own, unix_socket_dir: "", auth_type: "any", ...settings };
    const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
    const target = `* = host=127.0.0.1 port=${port} user=postgres`;
    await writeFile(join(folder, "pgbouncer.ini"), ["[databases]", target, "[pgbouncer]", ...lines, ""].join("\n"));
    await chmod(folder, 0o755);
    // It refuses to be root.
    const server = execa("pgbouncer", ["--user=nobody", join(folder, "pgbouncer.ini")], { all: true, reject: false });
    ends.push(async () => {
      server.kill("SIGKILL");
      await server;
      await rm(folder, { recursive: true });
    });
    for (let tries = 0; (await machine.psql(own, "shop", "SELECT 1")).exitCode !== 0; tries += 1) {
      assert.ok(tries < 100, "pgbouncer does not serve");
      await sleep(100);
    }
    return own;
  }

  /** Clients that ask what the service asks, over and over. @returns how they ended */
  function service(at: number, clients: number, seconds: number) {
    const command = `echo 'SELECT count(*) FROM orders;' >/tmp/query.sql
      pgbench --no-vacuum --file=/tmp/query.sql --client=${clients} --time=${seconds} -h 127.0.0.1 -p ${at} -U postgres shop`;
    return machine.run(command);
  }

  const dump = (at: number) => machine.program("dump", at, { PGDATABASE: "shop" });

  const refused: { name: string; settings: Record<string, string | number>; clients: number }[] = [
    { name: "in transaction mode, which is idle", settings: { pool_mode: "transaction" }, clients: 0 },
    { name: "with a single connection", settings: { pool_mode: "transaction", default_pool_size: 1 }, clients: 0 },
    {
      name: "that takes its connections in turn",
      settings: { pool_mode: "transaction", server_round_robin: 1 },
      clients: 0,
    },
    {
      name: "that ignores what clients ask for as they connect",
      settings: { pool_mode: "transaction", ignore_startup_parameters: "options,extra_float_digits" },
      clients: 0,
    },
    { name: "in statement mode", settings: { pool_mode: "statement" }, clients: 0 },
    {
      name: "in transaction mode, which is busy",
      settings: { pool_mode: "transaction", default_pool_size: 4 },
      clients: 8,
    },
  ];
  for (const { name, settings, clients } of refused) {
    it(`is refused by one ${name}, and no query of the service fails`, async () => {
      const at = await pooler(settings);
      const running = clients ? service(at, clients, 8) : undefined;
      if (running) await sleep(2000);
      const { exitCode, all } = await dump(at);
      assert.match(
        all,
        /127\.0\.0\.1 is a connection pooler, in which (one client was|two clients were) given the server's process/,
      );
      assert.match(
        all,
        /allowed: the server itself, or a pooler in session mode.* declare the server's own host and port/,
      );
      assert.equal(exitCode, 1);
      const ended = await (running ?? service(at, 2, 1));
      assert.equal(ended.exitCode, 0, ended.all);
      assert.match(ended.all, /number of failed transactions: 0/);
    });
  }

  it("is made by one in session mode", async () => {
    const at = await pooler({ pool_mode: "session" });
    const { exitCode, all } = await dump(at);
    assert.equal(exitCode, 0, all);
    const ended = await service(at, 2, 1);
    assert.equal(ended.exitCode, 0, ended.all);
  });

  it("needs no second connection to the server itself", async () => {
    await machine.ask(port, "postgres", "CREATE ROLE single LOGIN SUPERUSER CONNECTION LIMIT 1");
    await machine.ask(port, "postgres", "ALTER ROLE single NOSUPERUSER; GRANT pg_read_all_data TO single");
    const { exitCode, all } = await machine.program("dump", port, { PGDATABASE: "shop", PGUSER: "single" });
    assert.equal(exitCode, 0, all);
  });

  for (const [name, environment] of [
    ["before-restore", { TARGET: "shop", CONFIRM: "shop" }],
    ["restore", { TARGET: "shop", CONFIRM: "shop", PGDATABASE: "postgres" }],
  ] as const) {
    it(`is no way for ${name} either`, async () => {
      await machine.backUp(port, "shop");
      const at = await pooler({ pool_mode: "transaction" });
      const { exitCode, all } = await machine.program(name, at, environment);
      assert.match(all, /is a connection pooler/);
      assert.equal(exitCode, 1);
      assert.equal(await machine.ask(port, "shop", "SELECT count(*) FROM orders"), "100");
    });
  }
});
