import { datastoreOf } from "../declaration/datastoreOf.ts";
import { type JobPods, mergedPods, type StepName } from "../declaration/jobPods.ts";
import type { Backup, Service } from "../declaration/service.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { jobPodsFaults } from "../jobs/jobPods.ts";
import type { Fault } from "../values/fault.ts";
import { kindOf } from "./datastores/kinds.ts";

type PodsService = Pick<Service, "datastores" | "backups" | "jobs" | "monitor">;

/** Faults of what a service and its backups declare about the pods of their jobs, over what an environment declares. */
export function servicePodsFaults(service: PodsService, environment: EnvironmentPart<"jobs">): Fault[] {
  const everyJob: StepName[] = ["test-alert", ...(service.monitor ? ["monitor" as const] : [])];
  const steps = [...everyJob, ...service.backups.flatMap((backup) => stepsOfBackup(service, backup))];
  return [
    ...strayMemory(service.jobs, steps, "jobs"),
    ...jobPodsFaults(mergedPods(environment.jobs, service.jobs), "jobs"),
    ...service.backups.flatMap((backup, index) => {
      if (!backup.jobs) return [];
      const path = `backups[${index}].jobs`;
      return [
        ...strayMemory(backup.jobs, stepsOfBackup(service, backup), path),
        ...jobPodsFaults(mergedPods(environment.jobs, service.jobs, backup.jobs), path),
      ];
    }),
  ];
}

/** The steps of a backup's jobs. */
function stepsOfBackup(service: Pick<Service, "datastores">, backup: Backup): StepName[] {
  const datastore = datastoreOf(service, backup);
  if (!datastore) return [];
  const { backup: run, drill, restore } = kindOf(datastore).steps;
  return [...run, ...(backup.drill ? drill : []), ...restore];
}

/** Memory of a step that no job has would have no effect. */
function strayMemory(pods: JobPods | undefined, steps: readonly StepName[], path: string): Fault[] {
  return Object.keys(pods?.memory ?? {})
    .filter((step) => !steps.includes(step as StepName))
    .map((step) => ({
      code: "memory-of-no-step",
      path: `${path}.memory.${step}`,
      got: "a step that none of these jobs has",
      allowed: [...new Set(steps)].join(", "),
      fix: "correct the step's name, or remove it",
    }));
}
