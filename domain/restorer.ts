/** What is copied and recorded by a drill, and kept before a restore, under a backup's prefix. */
const writable = ["golden", "drills", "before-restore"];

/**
 * What a drill or a restore may do: read the backups under its prefix, the versions that a lifecycle has hidden included, copy what
 * passed to `golden/`, record drills, and keep what it replaces. It can put no backup, and delete nothing.
 *
 * @param key ARN of the bucket's KMS key; undefined where the server's own key encrypts
 */
export function restorerPolicy(bucket: string, prefix: string, key: string | undefined): string {
  const objects = `arn:aws:s3:::${bucket}/${prefix}`;
  const statements: Record<string, unknown>[] = [
    { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: `${objects}*` },
    {
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions"],
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringLike: { "s3:prefix": `${prefix}*` } },
    },
    {
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: writable.map((folder) => `${objects}${folder}/*`),
    },
  ];
  if (key !== undefined) {
    statements.push({ Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key });
  }
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
