import * as pulumi from "@pulumi/pulumi";
import type { Service } from "../../domain/declaration/service.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { distinct, egressToUrl } from "../../domain/kubernetes/egress.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import { dashboardUrl, runbookUrl } from "../../domain/prometheus/rules.ts";
import { inputs } from "../inputs.ts";
import type { JobEnvironment } from "../jobs/maintenanceJob.ts";
import { program } from "../jobs/program.ts";
import { RunbookJob } from "../jobs/runbookJob.ts";

export interface AlertTestArgs {
  environment: JobEnvironment & EnvironmentPart<"images"> & EnvironmentPart<"monitoring.alertmanagers">;
  service: Pick<Service, "name" | "namespace" | "jobs">;
}

/**
 * The job `<service>-alert-test`, by which a person sees whether the service's pages and messages arrive (TM-049): it posts an alert
 * ReceiverTest to every replica of Alertmanager by API v2: v1 is gone since Alertmanager 0.27.
 */
export class AlertTest extends pulumi.ComponentResource {
  /** Name of the suspended CronJob. */
  readonly cronJob: pulumi.Output<string>;

  constructor(name: string, args: AlertTestArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:alerting:AlertTest", name, inputs(args), options);
    const { environment, service } = args;
    const { alertmanagers, runbooks } = environment.monitoring;
    const dashboard = dashboardUrl(environment, service.name);
    const test = {
      labels: { service: service.name, namespace: service.namespace, environment: environment.name },
      runbook: runbookUrl(runbooks, "ReceiverTest"),
      ...(dashboard && { dashboard }),
      alertmanagers,
    };
    const job = new RunbookJob(
      name,
      {
        environment,
        service: service.name,
        namespace: service.namespace,
        job: `${service.name}-alert-test`,
        purpose: "posts a test alert, to show whether it arrives",
        deadline: "2m",
        steps: [
          {
            name: "test-alert",
            image: images(environment.images.registry).node,
            program: program("alerting/test-alert.ts"),
            interpreter: "node",
            user: users.node,
            memory: "128Mi",
            environment: [
              { name: "RECEIVER_TEST", value: JSON.stringify(test) },
              // A separate variable, because the person who starts the job may set it.
              { name: "SEVERITY", value: "warning" },
            ],
          },
        ],
        ...(service.jobs && { jobs: service.jobs }),
        egress: distinct(alertmanagers.flatMap((url) => egressToUrl(url))),
      },
      { parent: this },
    );
    this.cronJob = job.cronJob;
    this.registerOutputs({ cronJob: this.cronJob });
  }
}
