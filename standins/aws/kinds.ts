import { podIdentityAssociation } from "./eks/pod-identity-association.ts";
import { role } from "./iam/role.ts";
import { rolePolicy } from "./iam/role-policy.ts";
import type { Kind } from "./kind.ts";
import { alias } from "./kms/alias.ts";
import { key } from "./kms/key.ts";
import { bucket } from "./s3/bucket.ts";
import { bucketServerSideEncryptionConfiguration } from "./s3/encryption.ts";
import { bucketLifecycleConfiguration } from "./s3/lifecycle.ts";
import { bucketLogging } from "./s3/logging.ts";
import { bucketObjectLockConfiguration } from "./s3/object-lock.ts";
import { bucketOwnershipControls } from "./s3/ownership.ts";
import { bucketPolicy } from "./s3/policy.ts";
import { bucketPublicAccessBlock } from "./s3/public-access.ts";
import { bucketReplicationConfig } from "./s3/replication.ts";
import { bucketVersioning } from "./s3/versioning.ts";

/** The types that the stand-in knows. A new one is one file and one line here. */
export const kinds: Kind[] = [
  bucket,
  bucketVersioning,
  bucketObjectLockConfiguration,
  bucketServerSideEncryptionConfiguration,
  bucketOwnershipControls,
  bucketPublicAccessBlock,
  bucketPolicy,
  bucketLifecycleConfiguration,
  bucketLogging,
  bucketReplicationConfig,
  podIdentityAssociation,
  key,
  alias,
  role,
  rolePolicy,
];
