import type { Service } from "../declaration/service.ts";
import type { Environment } from "../environment/environment.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { partitionOf, partitionOfArn } from "../values/partition.ts";

/** Where a bucket is. */
export interface Place {
  /** Account number of 12 digits. */
  account: string;
  region: string;
}

/** The settings that a bucket's name needs. */
export type BucketEnvironment = EnvironmentPart<"name" | "aws.account" | "aws.region"> & {
  backups?: Pick<Environment["backups"], "buckets">;
};

/** Where the second copy is. */
export type ReplicaEnvironment = EnvironmentPart<"aws.account" | "aws.region" | "backups.replica">;

/** The longest name that S3 takes. Source: docs.aws.amazon.com, "General purpose bucket naming rules". */
const LONGEST_NAME = 63;

/** A bucket that exists already, and its key; undefined where Upkeep creates the service's. */
export function existingBucket(service: string, { backups }: BucketEnvironment) {
  return backups?.buckets?.[service];
}

/** The name of a service's bucket: the existing one's or, from account and region, one that is unique and known before anything exists. */
export function bucketName(service: string, environment: BucketEnvironment): string {
  return existingBucket(service, environment)?.name ?? named(service, "backups", environment, environment.aws);
}

/** Where the second copy of the backups is; undefined where the environment declares none. */
export function replicaPlace({ aws, backups: { replica } }: ReplicaEnvironment): Place | undefined {
  return replica && { account: replica.account ?? aws.account, region: replica.region };
}

/** The bucket that holds the second copy: the same name with its own account and region. */
export function replicaName(service: string, environment: EnvironmentPart<"name">, place: Place): string {
  return named(service, "backups", environment, place);
}

/** The bucket that holds the access logs of a bucket. It must be in the same region and account. */
export function logBucketName(service: string, environment: EnvironmentPart<"name">, place: Place): string {
  return named(service, "logs", environment, place);
}

function named(service: string, what: string, { name }: EnvironmentPart<"name">, { account, region }: Place): string {
  return [service, what, name, account, region].join("-");
}

/** Fault of names of service, environment and region that are too long together. */
export function bucketNameFaults(
  { name, datastores }: Pick<Service, "name" | "datastores">,
  environment: BucketEnvironment & ReplicaEnvironment,
): Fault[] {
  if (datastores.length === 0 || existingBucket(name, environment)) return [];
  const replica = replicaPlace(environment);
  const names = [bucketName(name, environment), ...(replica ? [replicaName(name, environment, replica)] : [])];
  return names
    .filter((bucket) => bucket.length > LONGEST_NAME)
    .map((bucket) => ({
      code: "bucket-name-too-long",
      path: "name",
      got: `${redacted(name)}, which makes the bucket's name ${bucket}: ${bucket.length} characters`,
      allowed: `${LONGEST_NAME} characters or fewer, the limit of S3`,
      fix: "shorten the service's name or the stack's",
    }));
}

/** Faults of a replica: it must be in another region, and its account reachable. */
export function replicaFaults({ name, aws, backups: { replica } }: BucketEnvironment & ReplicaEnvironment): Fault[] {
  const path = `upkeep:backups.replica in Pulumi.${name}.yaml`;
  if (replica === undefined) return [];
  if (replica.region === aws.region) {
    return [
      {
        code: "replica-in-same-region",
        path,
        got: `in ${replica.region}, where the backups are`,
        allowed: "another region: the loss of one region must not affect both copies",
        fix: `pulumi config set --path upkeep:backups.replica.region <another> --stack ${name}`,
      },
    ];
  }
  if (partitionOf(replica.region).name !== partitionOf(aws.region).name) {
    return [
      {
        code: "replica-in-other-partition",
        path,
        got: `in ${replica.region}, of the partition ${partitionOf(replica.region).name}`,
        allowed: `another region of ${partitionOf(aws.region).name}: S3 replicates to no other partition`,
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

/** Faults of existing buckets: of services that no one declares, and of several services' backups in one place. */
export function existingBucketFaults(
  environment: BucketEnvironment & EnvironmentPart<"name">,
  services: readonly Pick<Service, "name" | "backups">[],
): Fault[] {
  const path = `upkeep:backups.buckets in Pulumi.${environment.name}.yaml`;
  const strays = Object.keys(environment.backups?.buckets ?? {}).filter((name) =>
    services.every((one) => one.name !== name),
  );
  const places = services.flatMap(({ name, backups }) =>
    existingBucket(name, environment)
      ? backups.map(({ prefix }) => ({ name, place: `${bucketName(name, environment)}/${prefix}` }))
      : [],
  );
  const shared = places.flatMap((one, index) =>
    places
      .slice(0, index)
      .filter(({ name, place }) => name !== one.name && (place.startsWith(one.place) || one.place.startsWith(place)))
      .map((earlier) => [one, earlier] as const),
  );
  return [
    ...strays.map((name) => ({
      code: "bucket-of-unknown-service",
      path,
      got: `"${name}"`,
      allowed: services.map((one) => one.name).join(", ") || "none",
      fix: `pulumi config rm --path 'upkeep:backups.buckets["${name}"]' --stack ${environment.name}`,
    })),
    ...shared.map(([one, earlier]) => ({
      code: "bucket-place-shared",
      path,
      got: `s3://${one.place} of ${one.name}, and s3://${earlier.place} of ${earlier.name}`,
      allowed: "prefixes that do not contain each other: one service's restore would list the other's backups",
      fix: `give each service's backups a prefix with its name, such as "${one.name}/database/", or a bucket of its own`,
    })),
  ];
}

/** Faults of ARNs that are not of the partition of the environment's region: IAM and S3 would refuse them halfway through an `up`. */
export function partitionFaults({
  name,
  aws,
  backups: { deployRole },
}: EnvironmentPart<"name" | "aws.region" | "aws.iam" | "backups.deployRole">): Fault[] {
  const { name: partition } = partitionOf(aws.region);
  const arns = { "aws.iam.permissionsBoundary": aws.iam?.permissionsBoundary, "backups.deployRole": deployRole };
  return Object.entries(arns).flatMap(([key, arn]) =>
    arn === undefined || partitionOfArn(arn) === partition
      ? []
      : [
          {
            code: "arn-of-other-partition",
            path: `upkeep:${key} in Pulumi.${name}.yaml`,
            got: redacted(arn),
            allowed: `an ARN that begins with arn:${partition}:, the partition of ${aws.region}`,
            fix: "correct it, or upkeep:aws.region",
          },
        ],
  );
}
