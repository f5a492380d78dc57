import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { jobAlerts } from "../../domain/alerts.ts";
import { seconds } from "../../domain/duration.ts";
import type { Environment } from "../../domain/environment.ts";
import { refuseFaults } from "../../domain/fault.ts";
import { jobFaults, worstCaseAge } from "../../domain/maintenanceJob.ts";
import type { Size } from "../../domain/size.ts";
import { rules } from "../alerting/rules.ts";
import { labels } from "../labels.ts";
import { jobPod, type Step } from "./pod.ts";

export interface MaintenanceJobArgs {
  environment: Environment;
  service: string;
  namespace: string;
  /** Name of the CronJob, and of everything that comes with it. */
  job: string;
  datastore?: string;
  /** Cron expression, in UTC. */
  schedule: string;
  startingDeadline: string;
  /** The longest a run may take, retries included. */
  deadline: string;
  /** What runs, in order; the next one starts only after the one before succeeded. */
  steps: Step[];
  /** Space under /scratch that the steps share. */
  scratch: Size;
  /** What the job's pods may talk to, beside DNS. */
  egress: kubernetes.types.input.networking.v1.NetworkPolicyEgressRule[];
  /** Annotations of the job's own ServiceAccount, such as the IAM role it stands for. */
  serviceAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of the CronJob, such as what it promises. */
  annotations?: Record<string, string>;
  /** Severity of the alert that the job has not succeeded for too long. */
  staleSeverity: "warning" | "critical";
}

/**
 * A hardened CronJob with everything that it needs to be trusted: a ServiceAccount of its own without a token, an egress
 * policy of exactly what it talks to, and the alerts that tell when it fails, stops or disappears.
 */
export class MaintenanceJob extends pulumi.ComponentResource {
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the job's times do not work together, before any child exists */
  constructor(name: string, args: MaintenanceJobArgs, options?: pulumi.ComponentResourceOptions) {
    refuseFaults(
      `maintenance job "${args.job}"`,
      jobFaults({
        name: args.job,
        schedule: args.schedule,
        startingDeadline: args.startingDeadline,
        deadline: args.deadline,
      }),
    );
    super("upkeep:jobs:MaintenanceJob", name, args, options);
    const parent = { parent: this };
    const metadata = {
      name: args.job,
      namespace: args.namespace,
      labels: labels(args.service, { job: args.job, ...(args.datastore && { datastore: args.datastore }) }),
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

    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-egress`,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: { "upkeep/job": args.job } },
          policyTypes: ["Ingress", "Egress"],
          egress: [dns(args.environment.kubernetes.dnsNamespace), ...args.egress],
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
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: seconds(args.startingDeadline),
          successfulJobsHistoryLimit: 7,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            metadata: { labels: metadata.labels },
            spec: {
              backoffLimit: 2,
              activeDeadlineSeconds: seconds(args.deadline),
              // A drained node is nobody's failure: the pod starts again elsewhere and no retry is spent.
              podFailurePolicy: {
                rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
              },
              template: {
                metadata: {
                  labels: metadata.labels,
                  annotations: {
                    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                    "karpenter.sh/do-not-disrupt": "true",
                  },
                },
                spec: jobPod(args.steps, args.scratch, account.metadata.name),
              },
            },
          },
        },
      },
      parent,
    );

    rules(
      `${name}-alerts`,
      { environment: args.environment, metadata, groups: [{ name: args.job, rules: alerts(args) }] },
      parent,
    );

    this.cronJob = cronJob.metadata.name;
    this.registerOutputs({ cronJob: this.cronJob });
  }
}

function alerts({
  service,
  namespace,
  job,
  schedule,
  startingDeadline,
  deadline,
  staleSeverity,
  environment,
}: MaintenanceJobArgs) {
  const staleAfter = worstCaseAge({ schedule, startingDeadline, deadline });
  return jobAlerts({
    service,
    namespace,
    job,
    staleAfter,
    severity: staleSeverity,
    runbooks: environment.monitoring.runbooks,
  });
}

function dns(namespace: string): kubernetes.types.input.networking.v1.NetworkPolicyEgressRule {
  return {
    to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };
}
