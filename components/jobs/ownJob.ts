import * as pulumi from "@pulumi/pulumi";
import { mergedPods } from "../../domain/declaration/jobPods.ts";
import { type OwnJob as Declared, ownJobSchema } from "../../domain/declaration/ownJob.ts";
import { faultsOf } from "../../domain/declaration/parse.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { ownJobFaults } from "../../domain/jobs/ownJobs.ts";
import { egressToServer } from "../../domain/kubernetes/egress.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { fromSecret } from "./fromSecret.ts";
import { type JobEnvironment, MaintenanceJob } from "./maintenanceJob.ts";
import type { Step } from "./pod.ts";
import { RunbookJob } from "./runbookJob.ts";

export interface OwnJobArgs {
  environment: JobEnvironment;
  service: Pick<Service, "name" | "namespace" | "windows" | "jobs">;
  job: Declared;
}

/**
 * A job of the service's own, in its own image: a CronJob that runs by its schedule, or only when a person starts it. It is hardened and
 * watched as every maintenance job is: what its program writes is in /scratch and /tmp, and its exit code is the verdict.
 */
export class OwnJob extends pulumi.ComponentResource {
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the job is invalid, or may run while its window is closed, before any child exists */
  constructor(name: string, args: OwnJobArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service, job } = args;
    const subject = `job "${job.name}" of service "${service.name}"`;
    refuseFaults(subject, faultsOf(ownJobSchema, job, "job"));
    refuseFaults(subject, ownJobFaults({ ...service, ownJobs: [job] }, environment));
    super("upkeep:jobs:OwnJob", name, { ...inputs({ environment }), service: service.name, job }, options);
    const common = {
      environment,
      service: service.name,
      namespace: service.namespace,
      job: job.name,
      deadline: job.deadline,
      steps: [step(job)],
      scratch: job.scratch ?? ("1Mi" as const),
      jobs: mergedPods(service.jobs, job.jobs),
      egress: (job.egress ?? []).map((server) => egressToServer(server)),
    };
    const { runs } = job;
    const { cronJob } = runs
      ? new MaintenanceJob(
          name,
          {
            ...common,
            schedule: runs.schedule.value,
            startingDeadline: runs.startingDeadline,
            retries: job.retries ?? 0,
            staleSeverity: runs.severity ?? "warning",
            annotations: { "upkeep/purpose": job.purpose },
          },
          { parent: this },
        )
      : new RunbookJob(name, { ...common, purpose: job.purpose }, { parent: this });
    this.cronJob = cronJob;
    this.registerOutputs({ cronJob });
  }
}

function step({ image, runAsUser, command, memory, variables = {}, secrets = {} }: Declared): Step {
  return {
    name: "run",
    image,
    command,
    user: runAsUser,
    keepsUser: true,
    memory,
    environment: [
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
      ...Object.entries(secrets).map(([name, { secret, key }]) => fromSecret(name, secret, key)),
    ],
  };
}
