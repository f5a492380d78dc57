import type { Service } from "../declaration/service.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { type Fault, redacted } from "../values/fault.ts";

/** Where a bucket is. */
export interface Place {
  /** Account number of 12 digits. */
  account: string;
  region: string;
}

/** What a bucket is named by. */
export type BucketEnvironment = EnvironmentPart<"name" | "aws.account" | "aws.region">;

/** Where the second copy is. */
export type ReplicaEnvironment = EnvironmentPart<"aws.account" | "aws.region" | "backups.replica">;

/** The longest name that S3 takes. Source: docs.aws.amazon.com, "General purpose bucket naming rules". */
const LONGEST_NAME = 63;

/** A bucket's name, from account and region: nobody else's bucket has it, and it is known before anything exists. */
export function bucketName(service: string, environment: BucketEnvironment): string {
  return named(service, "backups", environment, environment.aws);
}

/** Where the second copy of the backups is; undefined where the environment declares none. */
export function replicaPlace({ aws, backups: { replica } }: ReplicaEnvironment): Place | undefined {
  return replica && { account: replica.account ?? aws.account, region: replica.region };
}

/** The bucket that holds the second copy: of the same name but for where it is. */
export function replicaName(service: string, environment: EnvironmentPart<"name">, place: Place): string {
  return named(service, "backups", environment, place);
}

/** The bucket that holds the access logs of a bucket. S3 writes them only where that bucket is. */
export function logBucketName(service: string, environment: EnvironmentPart<"name">, place: Place): string {
  return named(service, "logs", environment, place);
}

function named(service: string, what: string, { name }: EnvironmentPart<"name">, { account, region }: Place): string {
  return [service, what, name, account, region].join("-");
}

/** A service, an environment and a region whose names are too long together. */
export function bucketNameFaults(
  { name, datastores }: Pick<Service, "name" | "datastores">,
  environment: BucketEnvironment & ReplicaEnvironment,
): Fault[] {
  if (datastores.length === 0) return [];
  const replica = replicaPlace(environment);
  const names = [bucketName(name, environment), ...(replica ? [replicaName(name, environment, replica)] : [])];
  return names
    .filter((bucket) => bucket.length > LONGEST_NAME)
    .map((bucket) => ({
      code: "bucket-name-too-long",
      path: "name",
      got: `${redacted(name)}, of which the bucket would be ${bucket}: ${bucket.length} characters`,
      allowed: `${LONGEST_NAME} characters or fewer, which is what S3 takes`,
      fix: "shorten the service's name or the stack's",
    }));
}

/** A replica that would be no second copy: in the same place. */
export function replicaFaults({ name, aws, backups: { replica } }: BucketEnvironment & ReplicaEnvironment): Fault[] {
  const path = `upkeep:backups.replica in Pulumi.${name}.yaml`;
  if (replica === undefined) return [];
  if (replica.region === aws.region) {
    return [
      {
        code: "replica-in-same-region",
        path,
        got: `in ${replica.region}, where the backups are`,
        allowed: "another region: what takes one region away must not take both copies",
        fix: `pulumi config set --path upkeep:backups.replica.region <another> --stack ${name}`,
      },
    ];
  }
  if (replica.account !== undefined && replica.account !== aws.account && replica.profile === undefined) {
    return [
      {
        code: "replica-without-profile",
        path,
        got: "in a second account, without a profile",
        allowed: "a profile of the AWS configuration by which Pulumi reaches that account",
        fix: `pulumi config set --path upkeep:backups.replica.profile <profile> --stack ${name}`,
      },
    ];
  }
  return [];
}
