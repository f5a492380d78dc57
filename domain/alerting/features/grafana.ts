import type { WatchedFeature } from "./feature.ts";

/** More than people who mistype a query cause. */
const FAILED = 0.5;

/**
 * Grafana itself. A data source that refuses connections is counted by its plugin alone: Grafana's own counter of requests has only those that
 * were answered. Source: its pkg/services/pluginsintegration/clientmiddleware/metrics_middleware.go.
 */
export const grafana: WatchedFeature = {
  exporter: {
    name: "grafana",
    down: "absent(grafana_build_info)",
    lost: "nobody sees a dashboard, or no alert fires if its data sources fail",
  },
  alerts: () => [],
  platform: [
    {
      name: "GrafanaDataSourceFailing",
      expr: `${queries('{endpoint="queryData",status="error"}')} / ${queries('{endpoint="queryData"}')} > ${FAILED}`,
      for: "15m",
      severity: "warning",
      summary: "A data source of Grafana fails",
      description:
        "{{ $value | humanizePercentage }} of the queries to data sources of the kind {{ $labels.plugin_id }} failed in 15 minutes: panels show an error.",
    },
  ],
};

function queries(matchers: string): string {
  return `sum by (plugin_id) (rate(grafana_plugin_request_total${matchers}[15m]))`;
}
