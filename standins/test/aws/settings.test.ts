import assert from "node:assert/strict";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import { type Api, connect } from "../../aws/api.ts";
import type { Configuration } from "../../aws/configuration.ts";
import { bucketServerSideEncryptionConfiguration as encryption } from "../../aws/s3/encryption.ts";
import { bucketOwnershipControls as ownership } from "../../aws/s3/ownership.ts";
import { bucketPolicy as policy } from "../../aws/s3/policy.ts";
import { bucketSetting } from "../../aws/s3/setting.ts";
import { location } from "../../aws/s3/settings-record.ts";
import { bucketVersioning as versioning } from "../../aws/s3/versioning.ts";
import { judged } from "./judged.ts";
import { bucketPolicy } from "./program.ts";
import { startServers } from "./servers.ts";

describe("The settings of a bucket, put at the same time", function () {
  this.timeout("2m");
  let api: Api;
  /** How many requests about each bucket are under way, and the most that ever were. */
  const underWay = new Map<string, { now: number; most: number }>();

  before(async () => {
    const { provider } = await startServers();
    const session = { signal: new AbortController().signal, log: async () => {} };
    api = await connect(provider as Configuration, session as unknown as Parameters<typeof connect>[1], judged);
    api.s3.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const { Bucket = "" } = args.input as { Bucket?: string };
          if (!commandName?.startsWith("Put")) return next(args);
          const count = underWay.get(Bucket) ?? { now: 0, most: 0 };
          underWay.set(Bucket, count);
          count.now += 1;
          count.most = Math.max(count.most, count.now);
          return next(args).finally(() => {
            count.now -= 1;
          });
        },
      { step: "initialize", name: "count" },
    );
  });

  it("reach SeaweedFS one after the other, so that none is lost, and those of two buckets side by side", async () => {
    const buckets = ["upkeep-settings-1", "upkeep-settings-2"];
    for (const Bucket of buckets) {
      const CreateBucketConfiguration = location(api.region);
      await api.s3.send(
        new CreateBucketCommand({ Bucket, ...(CreateBucketConfiguration && { CreateBucketConfiguration }) }),
      );
    }
    const settings = (bucket: string) => ({
      encryption: {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" as const }, bucketKeyEnabled: false }],
      },
      ownership: { bucket, rule: { objectOwnership: "BucketOwnerPreferred" as const } },
      policy: { bucket, policy: JSON.stringify(bucketPolicy(bucket)) },
      versioning: { bucket, versioningConfiguration: { status: "Enabled" as const } },
    });
    await Promise.all(
      buckets.flatMap((bucket) => {
        const declared = settings(bucket);
        return [
          encryption.create(api, declared.encryption),
          ownership.create(api, declared.ownership),
          policy.create(api, declared.policy),
          versioning.create(api, declared.versioning),
        ];
      }),
    );
    assert.deepEqual(
      buckets.map((bucket) => underWay.get(bucket)?.most),
      [1, 1],
    );
    for (const bucket of buckets) {
      const declared = settings(bucket);
      assert.deepEqual(await encryption.read(api, bucket), declared.encryption);
      assert.deepEqual(await ownership.read(api, bucket), declared.ownership);
      assert.deepEqual(await versioning.read(api, bucket), declared.versioning);
      assert.ok((await policy.read(api, bucket))?.policy, "the policy is lost");
    }
  });

  it("wait until the one before is there: SeaweedFS would write the entry back without it", async () => {
    const seen: string[] = [];
    const late = (name: string) => {
      let reads = 0;
      return bucketSetting({
        type: name,
        inputs: z.strictObject({ bucket: z.string() }),
        put: async () => seen.push(`put ${name}`),
        get: async (_, bucket) => {
          reads += 1;
          if (reads < 3) return undefined;
          seen.push(`there is ${name}`);
          return { bucket };
        },
        remove: async () => {},
      });
    };
    await Promise.all(["one", "two"].map((name) => late(name).create(api, { bucket: "upkeep-settings-3" })));
    assert.deepEqual(seen, ["put one", "there is one", "put two", "there is two"]);
  });
});
