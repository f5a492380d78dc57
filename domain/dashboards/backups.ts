import { ageOf, continuouslyBackedUp } from "../backup/continuousAlerts.ts";
import { lastDrillTook } from "../backup/drill.ts";
import { datastoreOf, namespaceOf } from "../declaration/datastoreOf.ts";
import type { Service } from "../declaration/service.ts";
import { newestRunAge } from "../jobs/jobAlerts.ts";
import { seconds } from "../values/duration.ts";
import { curves, type Query } from "./panels.ts";
import type { Row } from "./row.ts";

/** The age of each backup beside the recovery point, and how long each last drill took beside the recovery time. */
export const backups: Row = (service) => {
  const { recoveryPoint, recoveryTime } = service.objectives;
  const ages = agesOf(service);
  const own = service.datastores.flatMap(({ name, recoveryPoint: point }) =>
    point ? [[name, point.value] as const] : [],
  );
  const drills = drillsOf(service);
  return [
    ...(ages.length > 0
      ? [
          curves({
            title: "Age of the newest backup",
            description: `Since the start of the newest run that completed, by kube-state-metrics; of continuous backups as their exporter reports it. The recovery point is ${[recoveryPoint.value, ...own.map(([name, point]) => `${point} of ${name}`)].join(", ")}. The health monitor looks into the bucket itself: BackupAgeHigh.`,
            unit: "s",
            queries: ages,
            span: drills.length > 0 ? 12 : 24,
            lines: [...new Set([recoveryPoint.value, ...own.map(([, point]) => point)])].map(
              (point) => [seconds(point), "red"] as const,
            ),
          }),
        ]
      : []),
    ...(drills.length > 0
      ? [
          curves({
            title: "Last drill",
            description: `How long the newest drill that completed took. The recovery time is ${recoveryTime.value}.`,
            unit: "s",
            queries: drills,
            span: 12,
            lines: [[seconds(recoveryTime.value), "red"]],
          }),
        ]
      : []),
  ];
};

function agesOf(service: Service): Query[] {
  const dumps = service.backups.map((backup): Query => {
    const { job, datastore } = backup;
    return [datastore, newestRunAge({ namespace: namespaceOf(service, datastoreOf(service, backup) ?? {}), job })];
  });
  const continuous = continuouslyBackedUp(service).flatMap(({ datastore, continuous: { measures } }) =>
    measures.map((measure): Query => [`${datastore.name}, ${measure.what}`, ageOf(service, datastore, measure)]),
  );
  return [...dumps, ...continuous];
}

function drillsOf(service: Service): Query[] {
  const own = service.backups.flatMap((backup): Query[] => {
    const { datastore, drill } = backup;
    const namespace = namespaceOf(service, datastoreOf(service, backup) ?? {});
    return drill ? [[datastore, lastDrillTook(drill, namespace)]] : [];
  });
  const operators = continuouslyBackedUp(service).flatMap(({ datastore, continuous: { drill } }): Query[] =>
    drill ? [[datastore.name, lastDrillTook(drill, namespaceOf(service, datastore))]] : [],
  );
  return [...own, ...operators];
}
