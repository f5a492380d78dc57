import { createHash } from "node:crypto";
import { identityOf } from "../../domain/bucket/identities.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";

type RoleNameEnvironment = EnvironmentPart<"name"> &
  EnvironmentPart<"aws.region"> &
  EnvironmentPart<"backups.identity">;

/** The longest name of a role. Source: docs.aws.amazon.com, "IAM and AWS STS quotas". */
const LONGEST_NAME = 64;

/** What a role is for: a job's name is unique only in its namespace. */
export interface RolePurpose {
  service: string;
  namespace: string;
  /** Name of the job, or another purpose of the role. */
  job: string;
}

/**
 * The name of an IAM role, such as `shop-backup-prod-1f0c54aa`: at most 64 characters, and unique in an account, whatever else is
 * deployed there. Service, job and stack are for people; the digits distinguish namespaces, clusters and truncated names.
 */
export function roleName({ service, namespace, job }: RolePurpose, environment: RoleNameEnvironment): string {
  const digits = createHash("sha256")
    .update(
      JSON.stringify([
        identityOf(environment).cluster(environment.aws.region),
        namespace,
        service,
        job,
        environment.name,
      ]),
    )
    .digest("hex")
    .slice(0, 8);
  const readable = job === service || job.startsWith(`${service}-`) ? job : `${service}-${job}`;
  const end = `-${environment.name}-${digits}`;
  return `${readable.slice(0, LONGEST_NAME - end.length)}${end}`;
}
