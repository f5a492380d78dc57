import { namespaceOf } from "../declaration/datastoreOf.ts";
import type { Service } from "../declaration/service.ts";
import type { AlertFacts } from "../prometheus/rules.ts";
import { seconds } from "../values/duration.ts";
import { indicatorMissing } from "./indicatorMissing.ts";

/** The free share of a volume at which it is a warning if it fills within days, and critical however slowly. Source: KubePersistentVolumeFillingUp of kubernetes-mixin. */
export const FREE = { warning: 0.15, critical: 0.03 } as const;

/** As long as a weekend and the work of enlarging it. */
const FULL_WITHIN = "4d";

/** The history that is extended into the future: a shorter one takes a nightly job for growth. */
const HISTORY = "6h";

const AVAILABLE = "kubelet_volume_stats_available_bytes";

/** What a volume runs out of: the series of how much is free, and of how much there is. */
interface Room {
  alert: string;
  free: string;
  of: string;
  critical: string;
  warning: string;
  /** Says what `$value` is. */
  left: string;
}

const rooms: Room[] = [
  {
    alert: "VolumeFilling",
    free: AVAILABLE,
    of: "kubelet_volume_stats_capacity_bytes",
    critical: "A volume is nearly full",
    warning: `A volume will be full within ${FULL_WITHIN}`,
    left: "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free",
  },
  {
    // Of a file system that counts none, such as btrfs, or a driver that reports none, 0 of 0 are free: NaN, which is below nothing.
    alert: "VolumeInodesFilling",
    free: "kubelet_volume_stats_inodes_free",
    of: "kubelet_volume_stats_inodes",
    critical: "A volume has nearly no inodes left",
    warning: `A volume will have no inodes left within ${FULL_WITHIN}`,
    left: "{{ $value | humanizePercentage }} of the inodes of {{ $labels.persistentvolumeclaim }} are free",
  },
];

/**
 * The alerts on the volumes of a service, by what the kubelet measures of each mounted claim: of every claim in its namespace, declared or not,
 * and whether each declared one is measured at all.
 */
export function volumeAlerts(service: Pick<Service, "namespace" | "datastores">): AlertFacts[] {
  return [
    ...rooms.flatMap((room) => fillingAlerts(service.namespace, room)),
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

function fillingAlerts(namespace: string, { alert, free, of, critical, warning, left }: Room): AlertFacts[] {
  const scoped = (metric: string) => `${metric}{namespace="${namespace}"}`;
  const each = "min by (persistentvolumeclaim)";
  const share = `${each} (${scoped(free)} / ${scoped(of)})`;
  return [
    {
      name: alert,
      expr: `${share} < ${FREE.critical}`,
      for: "5m",
      severity: "critical",
      summary: critical,
      description: `${left}.`,
    },
    {
      name: alert,
      expr: `${share} < ${FREE.warning} and ${each} (predict_linear(${scoped(free)}[${HISTORY}], ${seconds(FULL_WITHIN)})) < 0`,
      for: "1h",
      severity: "warning",
      summary: warning,
      description: `${left}; as fast as in the last ${HISTORY}, none will be in ${FULL_WITHIN}.`,
    },
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
