import * as pulumi from "@pulumi/pulumi";
import type { EgressRule } from "../../domain/egress.ts";
import type { Environment } from "../../domain/environment.ts";
import { inputs } from "../inputs.ts";
import { MaintenanceJob } from "./maintenanceJob.ts";
import type { Step } from "./pod.ts";

export interface RunbookJobArgs {
  environment: Environment;
  service: string;
  namespace: string;
  /** Name of the CronJob, and of everything that comes with it. */
  job: string;
  /** What it does, for whoever looks which jobs can be started. */
  purpose: string;
  /** The longest a run may take. */
  deadline: string;
  /** What runs, in order; the next one starts only after the one before succeeded. */
  steps: Step[];
  /** What the job's pods may talk to, beside DNS. */
  egress: EgressRule[];
}

/** A CronJob must have a schedule; a suspended one never meets it. */
const NEVER_MET = { schedule: "0 0 1 1 *", startingDeadline: "5m" };

/**
 * A job that a person starts, from a page of runbooks/: a suspended CronJob that says how. It is hardened as every maintenance
 * job; nobody misses it, and a run that failed is told as any other.
 */
export class RunbookJob extends pulumi.ComponentResource {
  /** @throws DeclarationError when the name or the deadline is none, before any child exists */
  constructor(name: string, args: RunbookJobArgs, options?: pulumi.ComponentResourceOptions) {
    super(
      "upkeep:jobs:RunbookJob",
      name,
      { ...inputs(args), steps: args.steps.map(({ name: step }) => step) },
      options,
    );
    const { environment, service, namespace, job, purpose, deadline, steps, egress } = args;
    new MaintenanceJob(
      name,
      {
        ...NEVER_MET,
        ...{ environment, service, namespace, job, deadline, steps, egress },
        scratch: "1Mi",
        onDemand: true,
        // Whoever started it watches it, and decides.
        retries: 0,
        annotations: { "upkeep/purpose": purpose, "upkeep/start": startCommand(namespace, job) },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/** The command that starts a run. Its Job is named as the controller names them, so that the alert on failed runs knows it. */
function startCommand(namespace: string, job: string): string {
  return `kubectl --namespace ${namespace} create job --from=cronjob/${job} ${job}-$(date +%s)`;
}
