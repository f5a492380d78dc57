import type { AlertFacts } from "../../prometheus/rules.ts";
import type { WatchedFeature } from "./feature.ts";

/** The share of a sending queue above which little is left of what survives an outage of its destination. */
const QUEUE = 0.8;

/** Longer than the retries after a restart of a destination. */
const LASTING = "10m";

/** The kinds of telemetry, as the names of the series end and as people call them. */
const kinds = { spans: "spans", metric_points: "points of metrics", log_records: "lines of logs" };

/**
 * OpenTelemetry collectors, wherever they run in the cluster, by what they say of themselves. The names of counters end with `_total` or not, by
 * the settings of the collector's reader; a counter appears with its first event. Source: opentelemetry.io/docs/collector/internal-telemetry.
 */
export const otelCollector: WatchedFeature = {
  exporter: {
    name: "otel-collector",
    down: 'absent({__name__=~"otelcol_process_uptime(_seconds)?(_total)?"})',
    lost: "no trace arrives, or no alert fires when some are lost",
  },
  alerts: () => [],
  platform: [
    ...Object.entries(kinds).flatMap(([kind, called]): AlertFacts[] => [
      {
        name: "CollectorDataLost",
        expr: `${rate("exporter", "send_failed", kind)} > 0 or ${rate("exporter", "enqueue_failed", kind)} > 0`,
        for: LASTING,
        severity: "warning",
        labels: { telemetry: kind },
        summary: `An OpenTelemetry collector loses ${called}`,
        description: `{{ $labels.job }} loses {{ $value | humanize }} ${called} a second: {{ $labels.exporter }} cannot send them, or its queue is full.`,
      },
      {
        name: "CollectorRefusing",
        expr: `${rate("receiver", "refused", kind)} > 0`,
        for: LASTING,
        severity: "warning",
        labels: { telemetry: kind },
        summary: `An OpenTelemetry collector refuses ${called}`,
        description: `{{ $labels.receiver }} of {{ $labels.job }} refuses {{ $value | humanize }} ${called} a second: a sender that does not retry loses them.`,
      },
    ]),
    {
      name: "CollectorQueueHigh",
      expr: `max by (job, exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity) > ${QUEUE}`,
      for: LASTING,
      severity: "warning",
      summary: "A queue of an OpenTelemetry collector fills",
      description:
        "{{ $value | humanizePercentage }} of the queue of {{ $labels.exporter }} of {{ $labels.job }} is used: what exceeds it is lost.",
    },
  ],
};

function rate(of: "exporter" | "receiver", what: string, kind: string): string {
  return `sum by (job, ${of}) (rate({__name__=~"otelcol_${of}_${what}_${kind}(_total)?"}[5m]))`;
}
