import assert from "node:assert/strict";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { imageNames } from "../../sandbox/images/names.ts";
import { closeAll, closedPort, tcp } from "../programs/servers.ts";
import { Machine } from "../support/machine.ts";
import { freePort } from "../support/servers/server.ts";

const USER = 999;

describe("a dump of a replica of Redis", function () {
  this.timeout("3m");
  let machine: Machine;
  const servers: ReturnType<Machine["start"]>[] = [];
  before(async () => {
    machine = await Machine.of(imageNames.redis);
    await mkdir(join(machine.root, "scratch"));
    await chmod(join(machine.root, "scratch"), 0o777);
  });
  after(async () => {
    for (const server of servers) server.kill("SIGKILL");
    await Promise.all(servers);
    await machine?.remove();
    closeAll();
  });

  const cli = async (port: number, command: string) =>
    String((await machine.start(USER, `redis-cli -p ${port} ${command}`, {})).all);
  async function server(...options: string[]): Promise<number> {
    const port = await freePort();
    const fixed = `--port ${port} --bind 127.0.0.1 --save '' --dir /tmp --dbfilename ${port}.rdb --repl-diskless-sync-delay 0`;
    servers.push(machine.start(USER, `exec redis-server ${fixed} --enable-debug-command yes ${options.join(" ")}`, {}));
    for (let tries = 0; !/PONG|NOAUTH/.test(await cli(port, "PING")); tries += 1) {
      assert.ok(tries < 100, "redis does not serve");
      await sleep(100);
    }
    return port;
  }
  async function replicaOf(master: number): Promise<number> {
    const replica = await server("--replicaof", "127.0.0.1", String(master));
    while (!(await cli(replica, "INFO replication")).includes("master_link_status:up")) await sleep(100);
    return replica;
  }
  const dump = async (port: number, maxLag: number, password?: string) => {
    const environment = {
      ARTEFACT: "/scratch/backup.rdb",
      HOST: "127.0.0.1",
      PORT: String(port),
      MAX_LAG: String(maxLag),
      ...(password && { REDISCLI_AUTH: password }),
    };
    const { exitCode, all } = await machine.start(USER, "bash /programs/redis/dump.sh", environment);
    return { exitCode, all: String(all) };
  };
  const startedAt = async () =>
    Date.parse(JSON.parse(await readFile(join(machine.root, "scratch/dumped.json"), "utf8")).startedAt);

  it("has the time at which its master was last heard of, and is refused when that is too long ago", async () => {
    const master = await server();
    await cli(master, "SET key value");
    const replica = await replicaOf(master);
    // The master neither speaks nor closes the connection.
    void cli(master, "DEBUG SLEEP 40");
    await sleep(5000);
    const before = Date.now();
    const refused = await dump(replica, 2);
    assert.match(
      refused.all,
      /127\.0\.0\.1:\d+ is a replica whose master 127\.0\.0\.1 was last heard of \d+ s ago; allowed: at most 2 s behind.* declare the master's host, or declare a longer maxLag/,
    );
    assert.equal(refused.exitCode, 1);
    const { exitCode, all } = await dump(replica, 60);
    assert.equal(exitCode, 0, all);
    assert.ok((await startedAt()) < before - 3000, `${await startedAt()} is not 4 s before ${before}`);
  });

  it("is refused when its link is down", async () => {
    const replica = await server("--replicaof", "127.0.0.1", String(await closedPort()));
    const { exitCode, all } = await dump(replica, 60);
    assert.match(all, /is a replica whose link to its master 127\.0\.0\.1 is down, for -?\d+ s; allowed/);
    assert.equal(exitCode, 1);
  });

  it("is made while its master speaks", async () => {
    const master = await server();
    const replica = await replicaOf(master);
    const before = Date.now();
    const { exitCode, all } = await dump(replica, 60);
    assert.equal(exitCode, 0, all);
    assert.ok((await startedAt()) > before - 15_000);
    const ofMaster = await dump(master, 60);
    assert.equal(ofMaster.exitCode, 0, ofMaster.all);
    assert.ok((await startedAt()) >= before - 1000);
  });

  it("is refused when it does not apply what it receives", async () => {
    // A mock: no setting of Redis makes a replica stop there.
    const port = await tcp((socket) => {
      socket.on("data", () => {
        const lines = [
          ...["# Replication", "role:slave", "master_host:primary", "master_link_status:up"],
          ...["master_last_io_seconds_ago:0", "master_sync_in_progress:0"],
          ...["slave_read_repl_offset:5000", "slave_repl_offset:1200", ""],
        ];
        const text = lines.join("\r\n");
        socket.write(`$${text.length}\r\n${text}\r\n`);
      });
    });
    const { exitCode, all } = await dump(port, 60);
    assert.match(all, /is a replica that has not applied 3800 bytes of what it received; allowed/);
    assert.equal(exitCode, 1);
  });

  it("is refused when it does not say what it is", async () => {
    const locked = await server("--requirepass", "right");
    const { exitCode, all } = await dump(locked, 60);
    assert.match(all, /does not say whether it is a replica: NOAUTH Authentication required/);
    assert.equal(exitCode, 1);
    const wrong = await dump(locked, 60, "wrong");
    assert.match(wrong.all, /WRONGPASS invalid username-password pair/);
    assert.equal(wrong.exitCode, 1);
    const right = await dump(locked, 60, "right");
    assert.equal(right.exitCode, 0, right.all);
  });
});
