import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessAbsent } from "../errors.ts";
import { bucketName } from "../schema.ts";
import { fromApi, toApi } from "../spelling.ts";
import { bucketSetting } from "./setting.ts";
import { bucketExists, ensureRecord } from "./settings-record.ts";

const absent = ["NoSuchBucket", "NoSuchPublicAccessBlockConfiguration"];
const off = z.boolean().default(false);

/** SeaweedFS answers 501: recorded with the settings alone. */
export const bucketPublicAccessBlock = bucketSetting({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  inputs: z.strictObject({
    bucket: bucketName,
    blockPublicAcls: off,
    blockPublicPolicy: off,
    ignorePublicAcls: off,
    restrictPublicBuckets: off,
  }),
  put: async (api, Bucket, { bucket: _, ...block }) => {
    await api.s3.send(new HeadBucketCommand({ Bucket }));
    await ensureRecord(api, Bucket);
    const PublicAccessBlockConfiguration = toApi<object>(block);
    await api.settings.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  },
  get: async (api, Bucket) => {
    if (!(await bucketExists(api, Bucket))) return undefined;
    const found = await unlessAbsent(api.settings.send(new GetPublicAccessBlockCommand({ Bucket })), ...absent);
    return found && fromApi(found.PublicAccessBlockConfiguration ?? {});
  },
  remove: ({ settings }, Bucket) =>
    unlessAbsent(settings.send(new DeletePublicAccessBlockCommand({ Bucket })), ...absent),
});
