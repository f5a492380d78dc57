import type { Duration } from "../values/duration.ts";
import type { Percent } from "../values/percent.ts";
import type { Severity } from "../values/severity.ts";
import type { Sourced } from "../values/sourced.ts";

/** How many pods a workload may have, and what decides. */
export interface Autoscale {
  min: Sourced<number>;
  max: Sourced<number>;
  /** The use of CPU, of what the pods request, that the autoscaler holds. */
  cpu: Sourced<Percent>;
}

/** The share of its limit that a container stays below, and how loud it is when it does not. */
export interface UseBound {
  value: Sourced<Percent>;
  for: Sourced<Duration>;
  severity: Severity;
}

/** A workload that the service already runs. Upkeep watches it, and scales it where that is declared; it never creates or changes it. */
export interface Workload {
  kind: "Deployment" | "StatefulSet" | "DaemonSet";
  name: string;
  /** The container that serves: its limits are what CPU and memory are measured against. */
  container: string;
  /** Labels that select its pods and no others; needed for a disruption budget. */
  pods?: Record<string, string>;
  autoscale?: Autoscale;
  /** Of the CPU limit of the container that serves, on the pod that uses most. */
  cpuBelow?: UseBound[];
  /** Of that container's memory limit, without the page cache, on the pod that uses most. */
  memoryBelow?: UseBound[];
  /** How many of its pods a drain may take at once. */
  maxUnavailable?: Sourced<number>;
}

type Facts = Omit<Workload, "kind" | "name" | "container"> & { container?: string };

/** @param facts `container` where it is not named as the Deployment */
export function deployment(name: string, facts: Facts = {}): Workload {
  return { container: name, ...facts, kind: "Deployment", name };
}

/** @param facts `container` where it is not named as the StatefulSet */
export function statefulSet(name: string, facts: Facts = {}): Workload {
  return { container: name, ...facts, kind: "StatefulSet", name };
}

/** A DaemonSet has a pod per node: it cannot be scaled. @param facts `container` where it is not named as the DaemonSet */
export function daemonSet(name: string, facts: Omit<Facts, "autoscale"> = {}): Workload {
  return { container: name, ...facts, kind: "DaemonSet", name };
}
