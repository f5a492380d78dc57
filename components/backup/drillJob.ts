import type * as pulumi from "@pulumi/pulumi";
import { DRILLS, drillAlerts } from "../../domain/backup/drill.ts";
import { egressToS3 } from "../../domain/bucket/identities.ts";
import { namespaceOf } from "../../domain/declaration/datastoreOf.ts";
import type { Drill } from "../../domain/declaration/drill.ts";
import type { Size } from "../../domain/values/size.ts";
import { MaintenanceJob } from "../jobs/maintenanceJob.ts";
import type { Step } from "../jobs/pod.ts";
import { declaredPods } from "./declaredPods.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { restorerAnnotations, restorerStep } from "./restorer.ts";

/**
 * The job of a drill: it fetches the newest good backup and runs the steps, with the recovery time as its deadline. It reaches only S3.
 *
 * @param steps after the fetch
 * @param scratch what they share
 */
export function drillJob(
  name: string,
  args: BackupArgs & { drill: Drill },
  steps: Step[],
  scratch: Size,
  parent: pulumi.Resource,
): MaintenanceJob {
  const { environment, service, datastore, backup, bucket, drill } = args;
  const namespace = namespaceOf(service, datastore);
  return new MaintenanceJob(
    name,
    {
      environment,
      service: service.name,
      namespace,
      job: drill.job,
      schedule: drill.schedule.value,
      ...(drill.only && { only: drill.only }),
      startingDeadline: drill.startingDeadline,
      deadline: service.objectives.recoveryTime.value,
      // No retry: a drill must find a restore that fails the first time.
      retries: 0,
      steps: [restorerStep("fetch", args, [{ name: "DRILL", value: "true" }]), ...steps],
      scratch,
      ...(backup.scratchClass && { scratchClass: backup.scratchClass }),
      ...declaredPods(args),
      egress: egressToS3(environment),
      ...restorerAnnotations(name, drill.job, args, parent),
      staleSeverity: "warning",
      alerts: drillAlerts(service, drill, namespace, environment),
      annotations: { [DRILLS]: datastore.name },
      needs: bucket.settings ?? [],
    },
    { parent },
  );
}
