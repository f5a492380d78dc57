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

const AVAILABLE = "kubelet_volume_stats_available_bytes";

/**
 * The alerts on the volumes of a service, by what the kubelet measures of each mounted claim: of every claim in its namespace, declared or not,
 * and whether each declared one is measured at all.
 */
export function volumeAlerts(service: Pick<Service, "namespace" | "datastores">): AlertFacts[] {
  const of = (metric: string) => `${metric}{namespace="${service.namespace}"}`;
  const each = "min by (persistentvolumeclaim)";
  const free = `${each} (${of(AVAILABLE)} / ${of("kubelet_volume_stats_capacity_bytes")})`;
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
      expr: `${free} < ${FREE.warning} and ${each} (predict_linear(${of(AVAILABLE)}[${HISTORY}], ${seconds(FULL_WITHIN)})) < 0`,
      for: "1h",
      severity: "warning",
      summary: `A volume will be full within ${FULL_WITHIN}`,
      description: `{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free; as it grew in the last ${HISTORY}, it will be full within ${FULL_WITHIN}.`,
    },
    ...[...declaredClaims(service)].map(([scope, claim]) =>
      indicatorMissing(
        AVAILABLE,
        `absent(${AVAILABLE}{${scope}})`,
        `Nothing measures how full ${claim} is`,
        "Its CSI driver does not report it, no pod mounts it, or the kubelet is not scraped: VolumeFilling cannot fire for it.",
        { persistentvolumeclaim: claim },
      ),
    ),
  ];
}

/** The declared claims by what selects their series: two datastores may be of one claim. */
function declaredClaims(service: Pick<Service, "namespace" | "datastores">): Map<string, string> {
  return new Map(
    service.datastores.flatMap((datastore) =>
      datastore.kind === "volume"
        ? [
            [
              `namespace="${namespaceOf(service, datastore)}",persistentvolumeclaim="${datastore.claim}"`,
              datastore.claim,
            ],
          ]
        : [],
    ),
  );
}
