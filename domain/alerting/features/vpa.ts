import { kubeStateMetricsDown, RECOMMENDED } from "../../prometheus/kubeStateMetrics.ts";
import type { WatchedFeature } from "./feature.ts";

/** What a VerticalPodAutoscaler recommends is a number to look at: the dashboard shows it, and only its absence is an alert. */
export const vpa: WatchedFeature = {
  exporter: {
    name: "vertical-pod-autoscaler",
    down: `absent(${RECOMMENDED}) unless on () ${kubeStateMetricsDown}`,
    lost: "no dashboard shows recommended requests",
  },
  alerts: () => [],
};
