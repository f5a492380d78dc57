import assert from "node:assert/strict";
import { imageNames } from "../../sandbox/images/names.ts";
import { withPod } from "../story/pod.ts";
import { redisDigest } from "../support/redisDigest.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { runJob } from "./run.ts";
import { Shelf } from "./shelf.ts";

const namespace = "mplp-production";
const job = "mplp-redis-backup-restore";

describe("a restore of Redis", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let shelf: Shelf;
  before(async () => {
    sandbox = await sandboxUnderTest();
    shelf = await Shelf.of(sandbox, "mplp", "redis/");
    await shelf.backup("2026-06-01T00:00:00Z");
  });

  const restore = (environment: Record<string, string>) =>
    runJob(sandbox, namespace, job, { environment: { PREFIX: shelf.prefix, ...environment } });

  it("gives back every key of every database to a confirmed target, keeps what that held, and promotes it", async () => {
    const live = await contents("redis-0");
    assert.equal(live.length, 2);
    await withTarget([], async (address, cli) => {
      await cli("SET", "old", "value");
      const { succeeded, log } = await restore({ TARGET: address, CONFIRM: address });
      assert.ok(succeeded, log);
      assert.deepEqual(await contents("restore-target"), live);
      assert.match(await cli("INFO", "replication"), /^role:master/m);
      await cli("SET", "new", "writable");
      const [kept, ...more] = await shelf.keys("before-restore/");
      assert.deepEqual(more, []);
      assert.match(kept as string, /\.rdb$/);
    });
  });

  it("goes to a target that asks for a password, whose own settings it leaves as they were", async () => {
    const password = 'ri"ght\\';
    await withTarget(["--requirepass", password, "--masterauth", "own"], async (address, cli) => {
      const { succeeded, log } = await restore({ TARGET: address, CONFIRM: address, REDISCLI_AUTH: password });
      assert.ok(succeeded, log);
      const authorized = (...args: string[]) => cli("-a", password, "--no-auth-warning", ...args);
      assert.equal(await authorized("DBSIZE"), "13");
      assert.match(await authorized("CONFIG", "GET", "masterauth"), /^masterauth\s+own$/);
    });
  });

  it("is refused without a target, for a wrong confirmation, and for a target that is not empty without one", async () => {
    const none = await restore({});
    assert.match(none.log, /TARGET is not set: nothing was done/);
    assert.equal(none.exitCode, 30);
    const wrong = await restore({ TARGET: "redis", CONFIRM: "radish" });
    assert.match(wrong.log, /CONFIRM is "radish", and TARGET "redis": nothing was done/);
    assert.equal(wrong.exitCode, 30);
    const full = await restore({ TARGET: "redis" });
    assert.match(full.log, /the target redis is not empty, it holds 14 keys: nothing was done; set CONFIRM=redis/);
    assert.equal(full.exitCode, 31);
  });

  it("reads the backup and touches no server where DRY_RUN is set", async () => {
    const { succeeded, log } = await restore({ DRY_RUN: "1" });
    assert.ok(succeeded, log);
    assert.match(log, /DRY_RUN: the backup was fetched and read whole, and restored nowhere/);
  });

  function withTarget(
    options: string[],
    use: (address: string, cli: (...args: string[]) => Promise<string>) => Promise<void>,
  ): Promise<void> {
    const pod = {
      namespace,
      name: "restore-target",
      image: imageNames.redis,
      user: 999,
      command: ["redis-server", "--protected-mode", "no", "--dir", "/scratch", ...options],
      ready: { tcpSocket: { port: 6379 } },
    };
    const cli = (...args: string[]) =>
      sandbox.kubectl("--namespace", namespace, "exec", pod.name, "--", "redis-cli", ...args);
    return withPod(sandbox, pod, (address) => use(address, cli));
  }

  async function contents(pod: string): Promise<string[]> {
    const cli = (...args: string[]) =>
      sandbox.kubectl("--namespace", namespace, "exec", pod, "--", "redis-cli", ...args);
    const numbers = [...(await cli("INFO", "keyspace")).matchAll(/^db(\d+):/gm)].map((match) => match[1] as string);
    const found = [];
    for (const number of numbers) found.push(`db${number} ${await cli("-n", number, "EVAL", redisDigest, "0")}`);
    return found;
  }
});
