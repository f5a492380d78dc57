import type { Endpoint } from "../declaration/endpoint.ts";
import type { Service } from "../declaration/service.ts";
import type { EnvironmentPart } from "../environment/part.ts";

/** Whether blackbox exporter can ask. */
export type ProbeEnvironment = EnvironmentPart<"features.prometheusOperator" | "features.blackboxExporter">;

/** What blackbox exporter asks for, all the time. */
export interface ProbeFacts {
  endpoint: Endpoint;
  /** Name of the Probe. */
  name: string;
  /** The label `job` of the series that it makes. */
  jobName: string;
}

/** The label `job` of an endpoint's probe series. */
export function probeJob(service: string, endpoint: string): string {
  return `upkeep/${service}/${endpoint}`;
}

/** A Probe per endpoint, where prometheus-operator reads Probes and an exporter answers them; else the monitor asks the endpoints. */
export function probesOf({ name, endpoints }: Service, { features }: ProbeEnvironment): ProbeFacts[] {
  if (!features.prometheusOperator || features.blackboxExporter === undefined) return [];
  return endpoints.map((endpoint) => ({
    endpoint,
    name: `${name}-${endpoint.name}`,
    jobName: probeJob(name, endpoint.name),
  }));
}

/**
 * How loud it is when the monitor itself stops. Where Probes watch what wakes somebody anyway, a dead datastore still shows in what
 * users see; where nothing but the monitor would tell, its silence is as bad as what it no longer sees.
 */
export function monitorSeverity(service: Service, environment: ProbeEnvironment): "warning" | "critical" {
  return probesOf(service, environment).some(({ endpoint }) => endpoint.severity === "critical")
    ? "warning"
    : "critical";
}
