import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Tier, tiers } from "../../domain/declaration/keep.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { imageNames } from "../../sandbox/images/names.ts";
import { bucket, namespace } from "../story/job.ts";
import { withPod } from "../story/pod.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { besideOthers } from "../support/sideBySide.ts";
import { periodOf, type Taken, tierOf } from "../support/tierOf.ts";
import { type Ended, Publishing, stamp } from "./publishing.ts";

const DAY = 86_400_000;
/** Keys of the sandbox's Redis, in both its databases. */
const KEYS = 14;
const everyTier = { TIERS: tiers.join(" ") };
const keep = Object.fromEntries(tiers.map((tier) => [tier, assumed("90d")]));

interface Manifest {
  key: string;
  versionId: string;
  bytes: number;
  sha256: string;
  startedAt: string;
  suspect?: string;
}

describe("publishing a backup", function () {
  this.timeout("15m");
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await sandboxUnderTest();
  });
  const side = besideOthers(3);
  let places = 0;

  /** A test with a prefix of its own to publish under. */
  function at(title: string, test: (place: Publishing) => Promise<void>): void {
    side(title, async () => {
      places += 1;
      const place = await Publishing.under(sandbox, `publish-${places}`);
      try {
        await test(place);
      } finally {
        place.close();
      }
    });
  }

  describe("in a tier", () => {
    const today = new Date();
    const month = new Date(periodOf(today, "monthly"));
    const week = new Date(periodOf(today, "weekly"));
    /** A time of the last period of each tier. */
    const before = new Date(+month - 40 * DAY);

    const cases: [title: string, planted: Taken[], hidden?: boolean][] = [
      ["takes the longest tier where all others are older", tiers.map((tier) => ({ tier, startedAt: before }))],
      [
        "takes the longest tier though shorter ones have one of the same time",
        (["weekly", "daily", "hourly"] as const).map((tier) => ({ tier, startedAt: today })),
      ],
      ["takes the next one where the longest was made this month", [{ tier: "monthly", startedAt: month }]],
      [
        "counts what the lifecycle has hidden",
        [
          { tier: "monthly", startedAt: month },
          { tier: "weekly", startedAt: week },
        ],
        true,
      ],
      ["takes the shortest where the longest was made in this hour", [{ tier: "monthly", startedAt: today }]],
    ];
    for (const [title, planted, hidden] of cases) {
      at(title, async (place) => {
        for (const { tier, startedAt } of planted) {
          const { versions } = await place.plantBackup(tier, startedAt, KEYS);
          if (hidden) for (const version of versions) await place.hide(version);
        }
        // What is suspect serves no tier.
        await place.plantBackup("suspect", new Date(+today - 1000), KEYS);
        const { reason, logs } = await place.run({ publish: everyTier });
        assert.equal(reason, "Complete", logs.join("\n"));
        const { manifest, shelf } = await only(place);
        assert.equal(shelf, tierOf(new Date(manifest.startedAt), planted, keep));
        assert.ok(manifest.key.includes(`/data/${shelf}/`), manifest.key);
      });
    }
  });

  describe("that is smaller than the last good one", () => {
    const yesterday = new Date(Date.now() - DAY);

    at("by less than the declared share is a backup as any other", async (place) => {
      const { versions } = await place.plantBackup("daily", yesterday, 2 * KEYS);
      const { reason, logs } = await place.run();
      assert.equal(reason, "Complete", logs.join("\n"));
      const { manifest, shelf } = await only(place);
      assert.deepEqual([shelf, manifest.suspect], ["daily", undefined]);
      assert.deepEqual(await Promise.all(versions.map((version) => place.isHeld(version))), [false, false]);
    });

    at("by more is published as suspect once, with the numbers, and the last good one is held", async (place) => {
      await place.plantBackup("monthly", new Date(+yesterday - DAY), 1);
      const last = await place.plantBackup("daily", yesterday, 2 * KEYS + 1);
      const ended = await place.run();
      refused(ended, "PodFailurePolicy", 3, `keys fell from ${2 * KEYS + 1} to ${KEYS}`);
      assert.match(ended.logs.join(), new RegExp(last.name));
      const { manifest, shelf } = await only(place);
      assert.deepEqual([shelf, manifest.suspect], ["suspect", `keys fell from ${2 * KEYS + 1} to ${KEYS}`]);
      const data = await place.read(manifest.key.slice(place.prefix.length));
      assert.equal(createHash("sha256").update(data).digest("hex"), manifest.sha256);
      assert.deepEqual(await Promise.all(last.versions.map((version) => place.isHeld(version))), [true, true]);
    });

    at("in bytes alone is suspect too", async (place) => {
      await place.plantBackup("daily", yesterday, KEYS, 10_000_000);
      refused(await place.run(), "PodFailurePolicy", 3, "bytes fell from 10000000 to ");
    });

    at("is compared with the newest good one, though the lifecycle has hidden it", async (place) => {
      const last = await place.plantBackup("daily", yesterday, 10 * KEYS);
      for (const version of last.versions) await place.hide(version);
      refused(await place.run(), "PodFailurePolicy", 3, `keys fell from ${10 * KEYS} to ${KEYS}`);
    });

    at("is suspect again until a person accepts it, and accepted for that size alone", async (place) => {
      await place.plantBackup("daily", yesterday, 10 * KEYS);
      for (const _ of [1, 2])
        refused(await place.run(), "PodFailurePolicy", 3, `keys fell from ${10 * KEYS} to ${KEYS}`);
      const [, second = ""] = (await place.published("manifests/suspect/")).sort();
      const publish = { ACCEPTS: (second.split("/").at(-1) as string).replace(".json", "") };
      const accepted = await place.run({ publish });
      assert.equal(accepted.reason, "Complete", accepted.logs.join("\n"));
      assert.equal((await place.published("manifests/daily/")).length, 1);
      // A good one after it is what counts from then on, whatever the declaration still accepts.
      await place.plantBackup("daily", new Date(), 100 * KEYS);
      refused(await place.run({ publish }), "PodFailurePolicy", 3, `keys fell from ${100 * KEYS} to ${KEYS}`);
    });

    at("or cannot be compared with it is suspect: the last manifest is garbled", async (place) => {
      await place.plant(`manifests/daily/${stamp(yesterday)}-planted.json`, '{"bytes": 1');
      refused(await place.run(), "PodFailurePolicy", 3, "the last one cannot be read as a manifest");
      assert.equal((await only(place)).shelf, "suspect");
    });
  });

  at("is refused where the clock was moved back, until the manifest from the future is hidden", async (place) => {
    const future = new Date(Date.now() + 3_600_000);
    const { name, versions } = await place.plantBackup("daily", future, KEYS);
    const ended = await place.run();
    refused(ended, "PodFailurePolicy", 4, `${name}, started at ${stamp(future)}, and this node's clock says `);
    assert.deepEqual(await place.published(""), []);
    for (const version of versions) await place.hide(version);
    const { reason, logs } = await place.run();
    assert.equal(reason, "Complete", logs.join("\n"));
  });

  at("under a key that exists is refused, and the existing object is left as it was", async (place) => {
    const RUN = "planted-by-the-test";
    const start = Date.now();
    // The run starts in one of these seconds.
    const seconds = Array.from({ length: 300 }, (_, second) => stamp(new Date(start + second * 1000)));
    await Promise.all(seconds.map((at) => place.plant(`data/daily/${at}-${RUN}.rdb`, "there before")));
    const ended = await place.run({ publish: { RUN }, retries: 0 });
    refused(ended, "BackoffLimitExceeded", 1, "exists already: another run has this name");
    assert.deepEqual(await place.versions("manifests/"), []);
    const versions = await place.versions("data/");
    assert.deepEqual(versions, [...new Set(versions)], "a second version of a key");
  });

  at("by two runs at once makes two backups, each of its own data", async (place) => {
    const jobs = await Promise.all([place.start(), place.start()]);
    for (const job of jobs) {
      const { reason, logs } = await place.end(job);
      assert.equal(reason, "Complete", logs.join("\n"));
    }
    const manifests = await Promise.all((await place.versions("manifests/")).map((key) => manifestOf(place, key)));
    assert.equal(manifests.length, 2);
    assert.equal(new Set(manifests.map(({ key }) => key)).size, 2);
    for (const { key, sha256 } of manifests) {
      const data = await place.read(key.slice(place.prefix.length));
      assert.equal(createHash("sha256").update(data).digest("hex"), sha256);
    }
  });

  at("that is too much for one put is put in parts, and is whole", async (place) => {
    // Of its own: others read the live one meanwhile.
    const server = {
      namespace,
      name: "publish-test-redis",
      image: imageNames.redis,
      user: 999,
      command: ["redis-server", "--protected-mode", "no", "--dir", "/scratch"],
      ready: { tcpSocket: { port: 6379 } },
    };
    await withPod(sandbox, server, async (redis) => {
      const put = `kubectl --namespace ${namespace} exec --stdin ${server.name} -- redis-cli -x SET large`;
      await sandbox.run("bash", ["-o", "pipefail", "-c", `head -c 12000000 /dev/urandom | ${put}`]);
      const five = String(5 * 1024 ** 2);
      const { reason, logs } = await place.run({ redis, publish: { PUT_LIMIT: five, PART: five } });
      assert.equal(reason, "Complete", logs.join("\n"));
    });
    const { manifest } = await only(place);
    assert.ok(manifest.bytes > 12_000_000, String(manifest.bytes));
    const data = await place.read(manifest.key.slice(place.prefix.length));
    assert.equal(createHash("sha256").update(data).digest("hex"), manifest.sha256);
    const versions = JSON.parse(
      await sandbox.aws(...["s3api", "list-object-versions", "--bucket", bucket], "--prefix", manifest.key),
    ).Versions as { VersionId: string; ETag: string }[];
    assert.deepEqual(
      versions.map(({ VersionId, ETag }) => [VersionId, /-3"$/.test(ETag)]),
      [[manifest.versionId, true]],
    );
  });

  at("ends at once on SIGTERM, while S3 does not answer", async (place) => {
    const mute = {
      namespace,
      name: "publish-test-mute",
      image: imageNames.node,
      user: 1000,
      command: ["node", "--eval", "require('node:net').createServer(() => {}).listen(8333)"],
      ready: { tcpSocket: { port: 8333 } },
    };
    await withPod(sandbox, mute, async (address) => {
      const publish = { AWS_ENDPOINT_URL_S3: `http://${address}:8333` };
      const job = await place.start({ publish, retries: 0 });
      const running = async () => {
        const [pod] = await place.pods(job);
        return pod?.status?.containerStatuses?.[0]?.state?.running && pod.metadata?.name;
      };
      let pod = await running();
      for (; !pod; pod = await running()) await sleep(1000);
      const kill = place.kubectl("exec", pod, "--container=publish", "--", "bash", "-c", "kill -TERM 1");
      // The process that sends the signal is killed with the container, if that ends first.
      await kill.catch((error: { exitCode?: number }) => assert.equal(error.exitCode, 137));
      refused(
        await place.end(job),
        "BackoffLimitExceeded",
        143,
        "told to stop: what has no manifest yet is not published",
      );
    });
  });

  /** The one manifest that a run published, and its tier. */
  async function only(place: Publishing): Promise<{ manifest: Manifest; shelf: Tier | "suspect" }> {
    const keys = await place.published("manifests/");
    assert.equal(keys.length, 1, keys.join());
    const [key = ""] = keys;
    return { manifest: await manifestOf(place, key), shelf: key.split("/")[1] as Tier };
  }

  const manifestOf = async (place: Publishing, key: string) =>
    JSON.parse((await place.read(key)).toString()) as Manifest;
});

/** One attempt that ended so, and said so. */
function refused({ reason, exitCodes, logs }: Ended, expected: string, exitCode: number, message: string): void {
  assert.deepEqual([reason, exitCodes], [expected, [exitCode]], logs.join("\n"));
  assert.ok(logs[0]?.includes(message), logs[0]);
}
