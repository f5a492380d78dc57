import * as pulumi from "@pulumi/pulumi";
import type { EgressRule } from "../../domain/kubernetes/egress.ts";
import type { Size } from "../../domain/values/size.ts";
import { inputs } from "../inputs.ts";
import type { JobEnvironment } from "./maintenanceJob.ts";
import { MaintenanceJob, type MaintenanceJobArgs } from "./maintenanceJob.ts";
import type { Step } from "./pod.ts";

export interface RunbookJobArgs
  extends Pick<
    MaintenanceJobArgs,
    "datastore" | "serviceAccountAnnotations" | "permissions" | "ingress" | "volume" | "scratchClass" | "jobs"
  > {
  environment: JobEnvironment;
  service: string;
  namespace: string;
  /** Name of the CronJob and of the objects that belong to it. */
  job: string;
  /** What it does, shown where on-demand jobs are listed. */
  purpose: string;
  /** The longest a run may take. */
  deadline: string;
  /** What runs, in order; the next one starts only after the one before succeeded. */
  steps: Step[];
  /** What the job's pods may connect to, besides DNS. */
  egress: EgressRule[];
  /** Space under /scratch that the steps share. @default 1Mi */
  scratch?: Size;
  /** Environment variables that the person who starts it may set, each with an example value. */
  parameters?: Record<string, string>;
}

/** A CronJob must have a schedule; a suspended one ignores it. */
const NEVER_MET = { schedule: "0 0 1 1 *", startingDeadline: "5m" };

/**
 * A job that a person starts from a page of runbooks/: a suspended CronJob whose annotations say how. It is hardened like every
 * maintenance job; it has no staleness alert; a failed run alerts as usual.
 */
export class RunbookJob extends pulumi.ComponentResource {
  /** Name of the suspended CronJob. */
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the name or the deadline is invalid, before any child exists */
  constructor(name: string, args: RunbookJobArgs, options?: pulumi.ComponentResourceOptions) {
    super(
      "upkeep:jobs:RunbookJob",
      name,
      { ...inputs(args), steps: args.steps.map(({ name: step }) => step) },
      options,
    );
    const { purpose, parameters, ...rest } = args;
    const job = new MaintenanceJob(
      name,
      {
        ...NEVER_MET,
        scratch: "1Mi",
        ...rest,
        onDemand: true,
        // The person who started it watches it and decides whether to retry.
        retries: 0,
        annotations: { "upkeep/purpose": purpose, "upkeep/start": startCommand(args) },
      },
      { parent: this },
    );
    this.cronJob = job.cronJob;
    this.registerOutputs({ cronJob: this.cronJob });
  }
}

/** The command that starts a run. The Job's name has the controller's form, so that the alert on failed runs matches it. */
function startCommand({ namespace, job, parameters }: RunbookJobArgs): string {
  const create = `kubectl --namespace ${namespace} create`;
  const start = `${create} job --from=cronjob/${job} ${job}-$(date +%s)`;
  if (!parameters) return start;
  const values = Object.entries(parameters).map(([name, example]) => `${name}=${example}`);
  return `${start} --dry-run=client -o yaml | kubectl set env --local -f - ${values.join(" ")} -o yaml | ${create} -f -`;
}
