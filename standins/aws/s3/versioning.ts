import { GetBucketVersioningCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../errors.ts";
import { bucketName } from "../schema.ts";
import { bucketSetting } from "./setting.ts";

export const bucketVersioning = bucketSetting({
  type: "aws:s3/bucketVersioning:BucketVersioning",
  inputs: z.strictObject({
    bucket: bucketName,
    versioningConfiguration: z.strictObject({ status: z.enum(["Enabled", "Suspended", "Disabled"]) }),
  }),
  put: async ({ s3 }, Bucket, { versioningConfiguration: { status } }) => {
    if (status === "Disabled") {
      const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
      if (Status === undefined) return;
      throw new Error(`versioningConfiguration.status cannot be updated from '${Status}' to 'Disabled'`);
    }
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: status } }));
  },
  get: async ({ s3 }, Bucket) => {
    const found = await unlessAbsent(s3.send(new GetBucketVersioningCommand({ Bucket })), "NoSuchBucket");
    return found && { versioningConfiguration: { status: found.Status ?? "Disabled" } };
  },
  // Versioning cannot be undone, and with object lock not even suspended.
  remove: async ({ s3 }, Bucket, { versioningConfiguration: { status } }) => {
    if (status !== "Enabled") return;
    const suspended = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } });
    await unlessAbsent(s3.send(suspended), "NoSuchBucket", "InvalidBucketState");
  },
});
