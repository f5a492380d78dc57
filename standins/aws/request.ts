import type { S3Client } from "@aws-sdk/client-s3";

/** A call of an AWS API, in the API's own words. */
export interface AwsRequest {
  service: "s3" | "iam" | "kms" | "sts" | "eks";
  /** "CreateRole" */
  operation: string;
  /** Its parameters: `{ RoleName: "…" }`. */
  input: object;
}

/** What the clients of all services have in common. */
export type Client = Pick<S3Client, "middlewareStack">;
