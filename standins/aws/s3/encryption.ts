import {
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../errors.ts";
import { bucketName } from "../schema.ts";
import { fromApi, toApi } from "../spelling.ts";
import { bucketSetting } from "./setting.ts";

const absent = ["NoSuchBucket", "ServerSideEncryptionConfigurationNotFoundError"];

const rule = z.strictObject({
  applyServerSideEncryptionByDefault: z
    .strictObject({
      sseAlgorithm: z.enum(["AES256", "aws:kms", "aws:kms:dsse"]),
      kmsMasterKeyId: z.string().optional(),
    })
    .refine(
      ({ sseAlgorithm, kmsMasterKeyId }) => sseAlgorithm !== "AES256" || !kmsMasterKeyId,
      'must not name a kmsMasterKeyId with the sseAlgorithm "AES256"',
    )
    .optional(),
  bucketKeyEnabled: z.boolean().default(false),
});

export const bucketServerSideEncryptionConfiguration = bucketSetting({
  type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  inputs: z.strictObject({ bucket: bucketName, rules: z.array(rule).min(1) }),
  put: ({ s3 }, Bucket, { rules }) => {
    const ServerSideEncryptionConfiguration = { Rules: toApi<ServerSideEncryptionRule[]>(rules) };
    return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
  },
  get: async ({ s3 }, Bucket) => {
    const found = await unlessAbsent(s3.send(new GetBucketEncryptionCommand({ Bucket })), ...absent);
    return found && { rules: fromApi(found.ServerSideEncryptionConfiguration?.Rules ?? []) };
  },
  remove: ({ s3 }, Bucket) => unlessAbsent(s3.send(new DeleteBucketEncryptionCommand({ Bucket })), ...absent),
});
