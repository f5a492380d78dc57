import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type JobPods, jobPodsSchema, mergedPods } from "../../domain/declaration/jobPods.ts";
import { faultsOf } from "../../domain/declaration/parse.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { jobAlerts, jobRecords } from "../../domain/jobs/jobAlerts.ts";
import { jobPodsFaults } from "../../domain/jobs/jobPods.ts";
import { jobFaults, worstCaseAge } from "../../domain/jobs/maintenanceJob.ts";
import { USERS } from "../../domain/kubernetes/cronJob.ts";
import { egressToDns } from "../../domain/kubernetes/egress.ts";
import type { AlertRule, RuleEnvironment } from "../../domain/prometheus/rules.ts";
import { seconds } from "../../domain/values/duration.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import type { Size } from "../../domain/values/size.ts";
import type { WeekdayGuard } from "../../domain/values/weekdayGuard.ts";
import type { RulesEnvironment } from "../alerting/rules.ts";
import { rules } from "../alerting/rules.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";
import { type JobVolume, jobPod, type Step } from "./pod.ts";

/** The settings that a job depends on. */
export type JobEnvironment = RuleEnvironment & RulesEnvironment & EnvironmentPart<"dns" | "jobs">;

export interface MaintenanceJobArgs {
  environment: JobEnvironment;
  service: string;
  namespace: string;
  /** Name of the CronJob and of the objects that belong to it. */
  job: string;
  datastore?: string;
  /** Cron expression, in UTC. */
  schedule: string;
  /** The only weekday on which a run does its work, such as `{ weekday: "saturday" }` for the first Saturday on days 1 to 7. */
  only?: WeekdayGuard;
  startingDeadline: string;
  /** The longest a run may take, retries included. */
  deadline: string;
  /** What runs, in order; the next one starts only after the one before succeeded. */
  steps: Step[];
  /** Space under /scratch that the steps share. */
  scratch: Size;
  /** A volume that the steps work on. */
  volume?: JobVolume;
  /** What is declared about its pods, over `jobs` of the environment. */
  jobs?: JobPods;
  /** StorageClass of the volume that each run gets for it. @default the node's own disk */
  scratchClass?: string;
  /** What the job's pods may connect to, besides DNS. */
  egress: kubernetes.types.input.networking.v1.NetworkPolicyEgressRule[];
  /** What may connect to the job's pods. @default nothing */
  ingress?: kubernetes.types.input.networking.v1.NetworkPolicyIngressRule[];
  /** Annotations of the job's own ServiceAccount, such as the IAM role that it assumes. */
  serviceAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** What the job's ServiceAccount may do in its namespace. Only steps with `apiToken` can act as it. */
  permissions?: kubernetes.types.input.rbac.v1.PolicyRule[];
  /** Severity of the alert on a stale job. @default no such alert, as for a job that only a person starts */
  staleSeverity?: "warning" | "critical";
  /** Alerts besides those that every job has. */
  alerts?: AlertRule[];
  /** How often a failed run is retried within its deadline. @default 2 */
  retries?: number;
  /** Exit codes of the steps, in order, that no retry can fix: the run then fails at once. */
  failOn?: { step: string; exitCodes: number[] };
  /** How many finished runs are kept for inspection. @default 7 and 3 */
  history?: { successful: number; failed: number };
  /** Whether only a person starts it: it is then suspended, and a finished run is kept for a day. */
  onDemand?: boolean;
  /** Annotations of the CronJob. */
  annotations?: Record<string, string>;
  /** Other resources that must exist before the first run, such as a bucket's settings. */
  needs?: pulumi.Resource[];
}

const DAY = 86_400;

/**
 * A hardened CronJob with its own ServiceAccount, whose token only the steps that need it can read, an egress policy that allows
 * exactly its connections, and alerts for when it fails, stops or disappears.
 */
export class MaintenanceJob extends pulumi.ComponentResource {
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the job's times do not work together, before any child exists */
  constructor(name: string, { needs = [], ...args }: MaintenanceJobArgs, options?: pulumi.ComponentResourceOptions) {
    const pods = mergedPods(args.environment.jobs, args.jobs);
    refuseFaults(`maintenance job "${args.job}"`, [
      ...jobFaults({
        name: args.job,
        schedule: args.schedule,
        ...(args.only && { only: args.only }),
        startingDeadline: args.startingDeadline,
        deadline: args.deadline,
      }),
      ...faultsOf(jobPodsSchema, args.jobs ?? {}, "jobs"),
      ...jobPodsFaults(pods, "jobs"),
    ]);
    super(
      "upkeep:jobs:MaintenanceJob",
      name,
      { ...inputs(args), steps: args.steps.map(({ name: step }) => step) },
      options,
    );
    const parent = { parent: this };
    const metadata = {
      name: args.job,
      namespace: args.namespace,
      labels: labels(args.service, {
        job: args.job,
        ...(args.datastore && { datastore: args.datastore }),
        ...(args.onDemand && { onDemand: true }),
      }),
    };

    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: {
          ...metadata,
          ...(args.serviceAccountAnnotations && { annotations: args.serviceAccountAnnotations }),
        },
        automountServiceAccountToken: false,
      },
      parent,
    );

    const needed = [...needs];
    if (args.permissions) {
      const role = new kubernetes.rbac.v1.Role(`${name}-role`, { metadata, rules: args.permissions }, parent);
      needed.push(
        new kubernetes.rbac.v1.RoleBinding(
          `${name}-role-binding`,
          {
            metadata,
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
            subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: args.namespace }],
          },
          parent,
        ),
      );
    }

    const egress = new kubernetes.networking.v1.NetworkPolicy(
      `${name}-egress`,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: { "upkeep/job": args.job } },
          policyTypes: ["Ingress", "Egress"],
          ...(args.ingress && { ingress: args.ingress }),
          egress: [egressToDns(args.environment.dns), ...args.egress],
        },
      },
      parent,
    );

    const cronJob = new kubernetes.batch.v1.CronJob(
      `${name}-cronjob`,
      {
        metadata: { ...metadata, ...(args.annotations && { annotations: args.annotations }) },
        spec: {
          schedule: args.schedule,
          timeZone: "Etc/UTC",
          // Kubernetes's own default, and those of the Job below: a change by hand to a field that is not declared is never found.
          suspend: args.onDemand ?? false,
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: seconds(args.startingDeadline),
          successfulJobsHistoryLimit: args.history?.successful ?? 7,
          failedJobsHistoryLimit: args.history?.failed ?? 3,
          jobTemplate: {
            metadata: { labels: metadata.labels },
            spec: {
              suspend: false,
              completions: 1,
              parallelism: 1,
              backoffLimit: args.retries ?? 2,
              activeDeadlineSeconds: seconds(args.deadline),
              // Without this the alert on a failed run would never resolve if the run is not repeated.
              ...(args.onDemand && { ttlSecondsAfterFinished: DAY }),
              // A drained node is not a failure of the job: the pod starts again elsewhere without using a retry.
              podFailurePolicy: {
                rules: [
                  { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
                  ...(args.failOn
                    ? [
                        {
                          action: "FailJob",
                          onExitCodes: {
                            containerName: args.failOn.step,
                            operator: "In",
                            values: args.failOn.exitCodes,
                          },
                        },
                      ]
                    : []),
                ],
              },
              template: {
                metadata: {
                  labels: { ...pods.labels, ...metadata.labels },
                  annotations: {
                    ...pods.annotations,
                    ...(pods.users === "none" && { [USERS]: "none" }),
                    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                    "karpenter.sh/do-not-disrupt": "true",
                  },
                },
                spec: jobPod(
                  args.steps,
                  { size: args.scratch, ...(args.scratchClass && { storageClass: args.scratchClass }) },
                  account.metadata.name,
                  args.only,
                  args.volume,
                  pods,
                ),
              },
            },
          },
        },
      },
      // It may be due as soon as it exists, so everything that a run needs, or that restricts it, must exist first.
      { ...parent, dependsOn: [...needed, egress] },
    );

    rules(
      `${name}-alerts`,
      {
        environment: args.environment,
        metadata,
        groups: [{ name: args.job, rules: [...watching(args), ...(args.alerts ?? [])] }],
      },
      parent,
    );

    this.cronJob = cronJob.metadata.name;
    this.registerOutputs({ cronJob: this.cronJob });
  }
}

/** The job's recording rules and alerts. */
function watching({
  service,
  namespace,
  job,
  schedule,
  only,
  startingDeadline,
  deadline,
  staleSeverity,
  environment,
}: MaintenanceJobArgs) {
  // The worst case of a job whose runs all succeed. Failed runs that a recovery point survives are not included: they are the time
  // in which the on-call engineer can still act. An alert that waited for them would fire only when the promise is broken.
  const guard = only && { only };
  const staleAfter = worstCaseAge({ schedule, ...guard, startingDeadline, deadline });
  const severity = staleSeverity && { severity: staleSeverity };
  const facts = { service, namespace, job, staleAfter, ...severity, ...guard, environment };
  return [...jobRecords(facts), ...jobAlerts(facts)];
}
