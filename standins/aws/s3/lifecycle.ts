import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { Properties } from "../../values.ts";
import { unlessAbsent } from "../errors.ts";
import { bucketName } from "../schema.ts";
import { fromApi, toApi } from "../spelling.ts";
import { lifecycleRule, type Rule } from "./lifecycle-rule.ts";
import { bucketSetting } from "./setting.ts";
import { bucketExists, ensureRecord } from "./settings-record.ts";

/**
 * SeaweedFS keeps and enforces all but transitions (it has no colder storage class, and answers 501): those are recorded
 * with the settings, in a rule of the same id. Reading puts the two halves of a rule together again.
 */
export const bucketLifecycleConfiguration = bucketSetting({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  inputs: z.strictObject({
    bucket: bucketName,
    rules: z.array(lifecycleRule).min(1).max(1000),
    transitionDefaultMinimumObjectSize: z.literal("all_storage_classes_128K").default("all_storage_classes_128K"),
  }),
  respell: { rules: inOldOrder },
  put: async (api, bucket, { rules }) => {
    const { enforced, recorded } = split(rules);
    await putRules(api.s3, bucket, enforced);
    if (recorded.length > 0) await ensureRecord(api, bucket);
    await putRules(api.settings, bucket, recorded);
  },
  get: async (api, bucket) => {
    if (!(await bucketExists(api, bucket))) return undefined;
    const rules = join(await getRules(api.s3, bucket), await getRules(api.settings, bucket));
    return rules.length > 0 ? { rules } : undefined;
  },
  remove: async ({ s3, settings }, bucket) => {
    await putRules(s3, bucket, []);
    await putRules(settings, bucket, []);
  },
});

export function split(rules: Rule[]): { enforced: Rule[]; recorded: Rule[] } {
  const halves = rules.map(({ transitions, noncurrentVersionTransitions, ...enforced }) => {
    const { id, status, filter, ...actions } = enforced;
    const moves = {
      ...(transitions ? { transitions } : {}),
      ...(noncurrentVersionTransitions ? { noncurrentVersionTransitions } : {}),
    };
    return {
      enforced: Object.keys(actions).length > 0 ? [enforced] : [],
      recorded: Object.keys(moves).length > 0 ? [{ id, status, filter, ...moves }] : [],
    };
  });
  return {
    enforced: halves.flatMap((half) => half.enforced),
    recorded: halves.flatMap((half) => half.recorded),
  };
}

export function join(enforced: Rule[], recorded: Rule[]): Rule[] {
  const alone = recorded.filter(({ id }) => !enforced.some((rule) => rule.id === id));
  // What both halves say (status, filter) is as the S3 server has it: that is what happens.
  return [...enforced.map((rule) => ({ ...recorded.find(({ id }) => id === rule.id), ...rule })), ...alone];
}

/** The order of rules means nothing: the old one is kept, new rules come last. */
export function inOldOrder(before: unknown, value: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(value)) return value;
  const order = (before as Properties[]).map(({ id }) => id);
  const place = ({ id }: Properties) => (order.includes(id) ? order.indexOf(id) : order.length);
  return (value as Properties[]).toSorted((a, b) => place(a) - place(b));
}

async function putRules(client: S3Client, Bucket: string, rules: Rule[]): Promise<void> {
  if (rules.length === 0) {
    await unlessAbsent(client.send(new DeleteBucketLifecycleCommand({ Bucket })), "NoSuchBucket");
    return;
  }
  const LifecycleConfiguration = { Rules: toApi<LifecycleRule[]>(rules) };
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
}

async function getRules(client: S3Client, Bucket: string): Promise<Rule[]> {
  const absent = ["NoSuchBucket", "NoSuchLifecycleConfiguration"];
  const found = await unlessAbsent(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), ...absent);
  return fromApi<Rule[]>(found?.Rules ?? []);
}
