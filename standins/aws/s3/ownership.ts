import {
  DeleteBucketOwnershipControlsCommand,
  GetBucketOwnershipControlsCommand,
  PutBucketOwnershipControlsCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../errors.ts";
import { bucketName } from "../schema.ts";
import { bucketSetting } from "./setting.ts";

const absent = ["NoSuchBucket", "OwnershipControlsNotFoundError"];

export const bucketOwnershipControls = bucketSetting({
  type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  inputs: z.strictObject({
    bucket: bucketName,
    rule: z.strictObject({ objectOwnership: z.enum(["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"]) }),
  }),
  put: ({ s3 }, Bucket, { rule: { objectOwnership } }) => {
    const OwnershipControls = { Rules: [{ ObjectOwnership: objectOwnership }] };
    return s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  },
  get: async ({ s3 }, Bucket) => {
    const found = await unlessAbsent(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })), ...absent);
    const [rule] = found?.OwnershipControls?.Rules ?? [];
    return rule && { rule: { objectOwnership: rule.ObjectOwnership } };
  },
  remove: ({ s3 }, Bucket) => unlessAbsent(s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket })), ...absent),
});
