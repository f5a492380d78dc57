import assert from "node:assert/strict";
import { imageNames } from "../../sandbox/images/names.ts";
import { firedByItself } from "../story/fired.ts";
import { bucket, type Manifest, manifest, namespace } from "../story/job.ts";
import { withPod } from "../story/pod.ts";
import { redisDigest } from "../support/redisDigest.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";

const job = "mplp-redis-backup";
const prefix = "redis/";
const recovery = "mplp-recovery";

interface Database {
  database: number;
  keys: number;
}

describe("a backup of Redis", function () {
  this.timeout("5m");
  let sandbox: Sandbox;
  let published: Manifest<{ databases: Database[] }>;

  before(async () => {
    sandbox = await sandboxUnderTest();
  });

  it("is published by the Job that its CronJob starts", async () => {
    published = await manifest(sandbox, prefix, await firedByItself(sandbox, job, prefix));
  });

  it("says in its manifest which keys the dump holds, by database", () => {
    assert.deepEqual(published.databases, [
      { database: 0, keys: 13 },
      { database: 3, keys: 1 },
    ]);
    assert.match(published.serverVersion, /^8\.0\.\d+$/);
  });

  it("is loaded by an empty server, key for key as the live one holds them", async () => {
    const dump = `s3://${bucket}/${published.key}`;
    const server = {
      namespace: recovery,
      name: "redis-restore-test",
      image: imageNames.redis,
      user: 999,
      command: ["sleep", "300"],
      ready: { exec: { command: ["true"] } },
    };
    const copy = await withPod(sandbox, server, async () => {
      const inside = `kubectl --namespace ${recovery} exec --stdin ${server.name} --`;
      const options =
        "--dir /scratch --dbfilename dump.rdb --appendonly no --save '' --port 0 --unixsocket /tmp/socket";
      await sandbox.run("bash", [
        ...["-o", "pipefail", "-c"],
        `aws s3 cp ${dump} - | ${inside} sh -c 'cat >/scratch/dump.rdb && sha256sum /scratch/dump.rdb' | grep -q ^${published.sha256} &&
         ${inside} redis-server ${options} --daemonize yes && ${inside} sh -c 'until redis-cli -s /tmp/socket ping | grep PONG; do sleep 0.2; done'`,
      ]);
      return contents(recovery, server.name, "-s /tmp/socket");
    });
    const live = await contents(namespace, "redis-0", "-p 6379");
    assert.equal(live.length, 2, "the server holds too little to prove anything");
    assert.deepEqual(copy, live);
    assert.deepEqual(
      copy.map(({ database, keys }) => ({ database, keys })),
      published.databases,
    );
  });

  /** Every database that holds a key. */
  async function contents(space: string, pod: string, address: string): Promise<(Database & { digest: string })[]> {
    const cli = (...args: string[]) =>
      sandbox.kubectl("--namespace", space, "exec", pod, "--", "redis-cli", ...address.split(" "), ...args);
    const numbers = [...(await cli("INFO", "keyspace")).matchAll(/^db(\d+):/gm)].map((match) => Number(match[1]));
    const found = [];
    for (const database of numbers) {
      const [keys, sum = ""] = (await cli("-n", String(database), "EVAL", redisDigest, "0")).split(" ");
      found.push({ database, keys: Number(keys), digest: sum });
    }
    return found;
  }
});
