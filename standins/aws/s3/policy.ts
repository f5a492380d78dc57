import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../errors.ts";
import { respellPolicy } from "../policy.ts";
import { bucketName, policyDocument } from "../schema.ts";
import { bucketSetting } from "./setting.ts";

const absent = ["NoSuchBucket", "NoSuchBucketPolicy"];

export const bucketPolicy = bucketSetting({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: z.strictObject({ bucket: bucketName, policy: policyDocument }),
  respell: { policy: respellPolicy },
  put: ({ s3 }, Bucket, { policy }) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy })),
  get: async ({ s3 }, Bucket) => {
    const found = await unlessAbsent(s3.send(new GetBucketPolicyCommand({ Bucket })), ...absent);
    return found && { policy: found.Policy?.trim() };
  },
  remove: ({ s3 }, Bucket) => unlessAbsent(s3.send(new DeleteBucketPolicyCommand({ Bucket })), ...absent),
});
