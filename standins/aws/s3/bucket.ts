import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { Api } from "../api.ts";
import { unlessAbsent } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { bucketName, tags } from "../schema.ts";
import { tagList, tagMap } from "../spelling.ts";
import { bucketExists, location, removeRecord } from "./settings-record.ts";

const inputs = z.strictObject({
  bucket: bucketName,
  forceDestroy: z.boolean().default(false),
  objectLockEnabled: z.boolean().default(false),
  tags,
});

export const bucket: Kind<typeof inputs> = {
  type: "aws:s3/bucket:Bucket",
  inputs,
  replaceOn: ["bucket", "objectLockEnabled"],
  name: "bucket",
  computed: ["arn", "bucketDomainName", "bucketRegionalDomainName", "bucketRegion"],
  local: { forceDestroy: false },

  async create(api, { bucket: Bucket, objectLockEnabled: ObjectLockEnabledForBucket }) {
    const CreateBucketConfiguration = location(api.region);
    await api.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket, CreateBucketConfiguration }));
    return Bucket;
  },

  async complete(api, id, { tags: wanted }) {
    // Settings of an earlier bucket of this name, which was deleted by hand.
    await removeRecord(api, id);
    if (wanted) await putTags(api, id, wanted);
  },

  async read(api, id) {
    if (!(await bucketExists(api, id))) return undefined;
    const Bucket = id;
    const [tagging, lock] = await Promise.all([
      unlessAbsent(api.s3.send(new GetBucketTaggingCommand({ Bucket })), "NoSuchTagSet"),
      unlessAbsent(
        api.s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
        "ObjectLockConfigurationNotFoundError",
      ),
    ]);
    return {
      bucket: id,
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${api.region}.amazonaws.com`,
      bucketRegion: api.region,
      objectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
      tags: tagMap(tagging?.TagSet),
    };
  },

  async update(api, id, { tags: wanted = {} }) {
    if (Object.keys(wanted).length > 0) await putTags(api, id, wanted);
    else await api.s3.send(new DeleteBucketTaggingCommand({ Bucket: id }));
  },

  async delete(api, id, { forceDestroy }) {
    if (!(await bucketExists(api, id))) return;
    if (forceDestroy) await emptyBucket(api, id);
    else await refuseVersions(api, id);
    await unlessAbsent(api.s3.send(new DeleteBucketCommand({ Bucket: id })), "NoSuchBucket");
    await removeRecord(api, id);
  },
};

async function putTags({ s3 }: Api, Bucket: string, wanted: Record<string, string>): Promise<void> {
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(wanted) } }));
}

/** SeaweedFS 4.48 deletes a bucket whose only objects are versions at its top level. S3 does not; these are its words. */
async function refuseVersions({ s3 }: Api, Bucket: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1 }));
  if (Versions.length + DeleteMarkers.length === 0) return;
  throw new Error(
    `BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions in the bucket. (${Bucket})`,
  );
}

async function emptyBucket({ s3 }: Api, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const request = { Bucket, Delete: { Objects, Quiet: true }, BypassGovernanceRetention: true };
    const { Errors: [failed] = [] } = await s3.send(new DeleteObjectsCommand(request));
    if (failed) throw new Error(`${failed.Code}: ${failed.Message} (${Bucket}/${failed.Key})`);
  }
}
