import {
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  HeadBucketCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { Api } from "../api.ts";
import { unlessAbsent } from "../errors.ts";
import { bucketName } from "../schema.ts";
import { bucketSetting } from "./setting.ts";
import { bucketExists, ensureRecord } from "./settings-record.ts";

/** SeaweedFS writes no access logs: recorded with the settings alone. moto asks whether the log bucket's policy lets S3 write. */
export const bucketLogging = bucketSetting({
  type: "aws:s3/bucketLogging:BucketLogging",
  inputs: z.strictObject({ bucket: bucketName, targetBucket: bucketName, targetPrefix: z.string() }),
  put: async (api, Bucket, { targetBucket: TargetBucket, targetPrefix: TargetPrefix }) => {
    await api.s3.send(new HeadBucketCommand({ Bucket }));
    await ensureRecord(api, Bucket);
    await recordPolicy(api, TargetBucket as string);
    const LoggingEnabled = { TargetBucket, TargetPrefix };
    await api.settings.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
  },
  get: async (api, Bucket) => {
    if (!(await bucketExists(api, Bucket))) return undefined;
    const found = await unlessAbsent(api.settings.send(new GetBucketLoggingCommand({ Bucket })), "NoSuchBucket");
    const { TargetBucket, TargetPrefix = "" } = found?.LoggingEnabled ?? {};
    return TargetBucket === undefined ? undefined : { targetBucket: TargetBucket, targetPrefix: TargetPrefix };
  },
  remove: ({ settings }, Bucket) =>
    unlessAbsent(settings.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} })), "NoSuchBucket"),
});

/** What the log bucket's own policy says of services: moto 5.2 cannot read a statement about everyone. */
async function recordPolicy(api: Api, Bucket: string): Promise<void> {
  await ensureRecord(api, Bucket);
  const found = await unlessAbsent(api.s3.send(new GetBucketPolicyCommand({ Bucket })), "NoSuchBucketPolicy");
  if (found?.Policy === undefined) return;
  const { Statement, ...document } = JSON.parse(found.Policy) as { Statement: { Principal?: unknown }[] };
  const ofServices = Statement.filter(({ Principal }) => Principal instanceof Object && "Service" in Principal);
  if (ofServices.length === 0) return;
  const Policy = JSON.stringify({ ...document, Statement: ofServices });
  await api.settings.send(new PutBucketPolicyCommand({ Bucket, Policy }));
}
