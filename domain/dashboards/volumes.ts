import { FREE } from "../alerting/volumeAlerts.ts";
import { seconds } from "../values/duration.ts";
import { curves, number } from "./panels.ts";
import type { Row } from "./row.ts";

/** What a forecast is made of: longer than the ups and downs of weeks. Each hour is enough. */
const HISTORY = "30d";

/** As far as capacity is planned ahead. */
const AHEAD = "90d";

const each = "max by (persistentvolumeclaim)";

/** How full the claims of the service's namespace are, how they grow, and how full they will be. */
export const volumes: Row = ({ namespace, workloads }) => {
  if (workloads.length === 0) return [];
  const measured = (what: string) => `kubelet_volume_stats_${what}_bytes{namespace="${namespace}"}`;
  // The labels of a claim's series change with the node of its pod: without them its history is one.
  const history = `(${each} (${measured("used")}))[${HISTORY}:1h]`;
  return [
    curves({
      title: "Claims",
      description: `The used share of each claim that a pod of namespace ${namespace} mounts, if its CSI driver reports it. VolumeFilling fires at the upper line, and at the lower one if the claim will be full in four days.`,
      unit: "percentunit",
      queries: [["{{persistentvolumeclaim}}", `${each} (1 - ${measured("available")} / ${measured("capacity")})`]],
      span: 8,
      lines: [
        [1 - FREE.warning, "orange"],
        [1 - FREE.critical, "red"],
      ],
    }),
    number({
      title: "Claims' growth a month",
      description: `The trend of the last ${HISTORY}, or of as much as is known.`,
      unit: "bytes",
      queries: [["{{persistentvolumeclaim}}", `deriv(${history}) * ${seconds(HISTORY)}`]],
      span: 8,
    }),
    number({
      title: `Claims in ${AHEAD}`,
      description: `The share that will be used if each claim grows on as in the last ${HISTORY}; above 100% it is full before.`,
      unit: "percentunit",
      queries: [
        [
          "{{persistentvolumeclaim}}",
          `clamp_min(predict_linear(${history}, ${seconds(AHEAD)}), 0) / ${each} (${measured("capacity")})`,
        ],
      ],
      span: 8,
      lines: [
        [1 - FREE.warning, "orange"],
        [1, "red"],
      ],
    }),
  ];
};
