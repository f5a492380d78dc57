import type { Endpoint } from "../declaration/endpoint.ts";
import type { Service } from "../declaration/service.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import type { Duration } from "../values/duration.ts";

/** Of probes and of their alerts: an outage pages soon, however seldom the cluster scrapes everything else. */
export const PROBE_INTERVAL: Duration = "15s";

/** Whether blackbox exporter can probe. */
export type ProbeEnvironment = EnvironmentPart<"features.prometheusOperator" | "features.blackboxExporter">;

/** A target of blackbox exporter. */
export interface ProbeFacts {
  endpoint: Endpoint;
  /** Name of the Probe. */
  name: string;
  /** The label `job` of the series that it makes. */
  jobName: string;
}

/** Begins the label `job` of all probe series. */
const PROBES = "upkeep/";

/** PromQL that gives a series while blackbox exporter is down or not scraped: no address at all is probed then. */
export const blackboxDown = `absent(probe_success{job=~"${PROBES}.+"})`;

/** The label `job` of an endpoint's probe series. */
export function probeJob(service: string, endpoint: string): string {
  return `${PROBES}${service}/${endpoint}`;
}

/** A Probe per endpoint, if prometheus-operator and blackbox exporter are there; otherwise the monitor checks the endpoints. */
export function probesOf({ name, endpoints }: Service, { features }: ProbeEnvironment): ProbeFacts[] {
  if (!features.prometheusOperator || features.blackboxExporter === undefined) return [];
  return endpoints.map((endpoint) => ({
    endpoint,
    name: `${name}-${endpoint.name}`,
    jobName: probeJob(name, endpoint.name),
  }));
}

/**
 * Severity of a monitor that stops. If Probes watch critical endpoints, a dead datastore still shows there; if only the monitor would
 * alert, its failure is as severe as what it no longer checks.
 */
export function monitorSeverity(service: Service, environment: ProbeEnvironment): "warning" | "critical" {
  return probesOf(service, environment).some(({ endpoint }) => endpoint.severity === "critical")
    ? "warning"
    : "critical";
}
