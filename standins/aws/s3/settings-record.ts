import { CreateBucketCommand, DeleteBucketCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import type { Api } from "../api.ts";
import { unlessAbsent } from "../errors.ts";

/** Makes the empty bucket that holds the settings which the S3 server has no place for. */
export async function ensureRecord({ settings, region }: Api, Bucket: string): Promise<void> {
  const CreateBucketConfiguration = location(region);
  await unlessAbsent(
    settings.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration })),
    "BucketAlreadyOwnedByYou",
  );
}

export async function removeRecord({ settings }: Api, Bucket: string): Promise<void> {
  await unlessAbsent(settings.send(new DeleteBucketCommand({ Bucket })), "NoSuchBucket");
}

/** Whether the bucket itself exists: without it a record of its settings says nothing. */
export async function bucketExists({ s3 }: Api, Bucket: string): Promise<boolean> {
  return (await unlessAbsent(s3.send(new HeadBucketCommand({ Bucket })), "NotFound", "NoSuchBucket")) !== undefined;
}

/** us-east-1 is the one region that must not be named. */
export function location(region: string) {
  return region === "us-east-1" ? undefined : { LocationConstraint: region as "eu-central-1" };
}
