import { namespaceOf } from "../declaration/datastoreOf.ts";
import type { Service } from "../declaration/service.ts";
import type { AlertFacts } from "../prometheus/rules.ts";
import { seconds } from "../values/duration.ts";
import { indicatorMissing } from "./indicatorMissing.ts";

/** The free share of a volume at which it is a warning if it fills within days, and critical however slowly. Source: KubePersistentVolumeFillingUp of kubernetes-mixin. */
const FREE = { warning: 0.15, critical: 0.03 } as const;

/** As long as a weekend and the work of enlarging it. */
const FULL_WITHIN = "4d";

/** The history that is extended into the future: a shorter one takes a nightly job for growth. */
const HISTORY = "6h";

/**
 * The alerts on the volumes of a service, by what the kubelet measures of each mounted claim: of every claim in its namespace, declared or not,
 * and whether each declared one is measured at all.
 */
export function volumeAlerts(service: Pick<Service, "namespace" | "datastores">): AlertFacts[] {
  const of = (metric: string) => `kubelet_volume_stats_${metric}{namespace="${service.namespace}"}`;
  const each = "min by (persistentvolumeclaim)";
  const free = `${each} (${of("available_bytes")} / ${of("capacity_bytes")})`;
  return [
    {
      name: "VolumeFilling",
      expr: `${free} < ${FREE.critical}`,
      for: "5m",
      severity: "critical",
      summary: "A volume is nearly full",
      description: "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free.",
    },
    {
      name: "VolumeFilling",
      expr: `${free} < ${FREE.warning} and ${each} (predict_linear(${of("available_bytes")}[${HISTORY}], ${seconds(FULL_WITHIN)})) < 0`,
      for: "1h",
      severity: "warning",
      summary: `A volume will be full within ${FULL_WITHIN}`,
      description: `{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free; as it grew in the last ${HISTORY}, it will be full within ${FULL_WITHIN}.`,
    },
    ...service.datastores.flatMap((datastore) => {
      if (datastore.kind !== "volume") return [];
      const metric = "kubelet_volume_stats_available_bytes";
      const one = `${metric}{namespace="${namespaceOf(service, datastore)}",persistentvolumeclaim="${datastore.claim}"}`;
      return [
        indicatorMissing(
          metric,
          `absent(${one})`,
          `Nothing measures how full ${datastore.claim} is`,
          "Its CSI driver does not report it, no pod mounts it, or the kubelet is not scraped: VolumeFilling cannot fire for it.",
          { persistentvolumeclaim: datastore.claim },
        ),
      ];
    }),
  ];
}
