import { GetObjectLockConfigurationCommand, PutObjectLockConfigurationCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../errors.ts";
import { bucketName, wholeNumber } from "../schema.ts";
import { fromApi, toApi } from "../spelling.ts";
import { bucketSetting } from "./setting.ts";

const absent = ["NoSuchBucket", "ObjectLockConfigurationNotFoundError"];

const defaultRetention = z
  .strictObject({
    mode: z.enum(["GOVERNANCE", "COMPLIANCE"]),
    days: wholeNumber(1, 36_500).optional(),
    years: wholeNumber(1, 100).optional(),
  })
  .refine(({ days, years }) => (days === undefined) !== (years === undefined), "must have either days or years");

export const bucketObjectLockConfiguration = bucketSetting({
  type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  inputs: z.strictObject({
    bucket: bucketName,
    objectLockEnabled: z.literal("Enabled").default("Enabled"),
    rule: z.strictObject({ defaultRetention }).optional(),
  }),
  put: ({ s3 }, Bucket, { objectLockEnabled, rule }) => {
    const ObjectLockConfiguration = toApi<object>({ objectLockEnabled, rule });
    return s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  },
  get: async ({ s3 }, Bucket) => {
    const found = await unlessAbsent(s3.send(new GetObjectLockConfigurationCommand({ Bucket })), ...absent);
    return found && fromApi(found.ObjectLockConfiguration ?? {});
  },
  // Object lock cannot be switched off: only its default retention goes.
  remove: ({ s3 }, Bucket) => {
    const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" } as const;
    return unlessAbsent(s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration })), ...absent);
  },
});
