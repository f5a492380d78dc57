import { z } from "zod";
import { previewOnly } from "../preview-only.ts";
import { bucketName } from "../schema.ts";
import { toApi } from "../spelling.ts";

const status = z.strictObject({ status: z.enum(["Enabled", "Disabled"]) });
const bucketArn = z.string().regex(/^arn:aws[\w-]*:s3:::[a-z0-9.-]+$/, "must be the ARN of a bucket");

const destination = z.strictObject({
  bucket: bucketArn,
  account: z
    .string()
    .regex(/^\d{12}$/, "must be 12 digits")
    .optional(),
  accessControlTranslation: z.strictObject({ owner: z.literal("Destination") }).optional(),
  encryptionConfiguration: z.strictObject({ replicaKmsKeyId: z.string() }).optional(),
});

const rule = z
  .strictObject({
    id: z.string().min(1).max(255),
    status: z.enum(["Enabled", "Disabled"]),
    priority: z.number().int().min(0).optional(),
    filter: z.strictObject({ prefix: z.string().optional() }).optional(),
    deleteMarkerReplication: status.optional(),
    sourceSelectionCriteria: z.strictObject({ sseKmsEncryptedObjects: status.optional() }).optional(),
    destination,
  })
  // The API's own rules, in its words.
  .refine(
    ({ filter, deleteMarkerReplication }) => filter === undefined || deleteMarkerReplication !== undefined,
    "must say deleteMarkerReplication where it has a filter",
  )
  .refine(
    ({ sourceSelectionCriteria, destination: { encryptionConfiguration } }) =>
      sourceSelectionCriteria?.sseKmsEncryptedObjects?.status !== "Enabled" || encryptionConfiguration !== undefined,
    "must name a replicaKmsKeyId where it copies what a KMS key encrypts",
  )
  .refine(
    ({ destination: { account, accessControlTranslation } }) => !accessControlTranslation || account !== undefined,
    "must name the account that is to own the copies",
  );

export const bucketReplicationConfig = previewOnly(
  {
    type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    inputs: z.strictObject({ bucket: bucketName, role: z.string(), rules: z.array(rule).min(1).max(1000) }),
    replaceOn: ["bucket"],
    computed: [],
    request: ({ bucket, role, rules }) => ({
      service: "s3",
      operation: "PutBucketReplication",
      input: { Bucket: bucket, ReplicationConfiguration: toApi({ role, rules }) },
    }),
  },
  "the sandbox has one region, and its S3 server copies nothing to another",
);
