import { z } from "zod";
import type { Percent } from "../values/percent.ts";
import { integer, optional, text } from "../values/schema.ts";
import { severities } from "../values/severity.ts";
import { duration, label, objectName, percent, podLabels, sourced } from "./texts.ts";

const pods = integer("a whole number, 1 or more", 3, 1);

export const autoscaleSchema = z.strictObject({
  min: sourced(pods).describe("The fewest pods. `upkeep:differs.autoscale` changes it for one environment."),
  max: sourced(pods).describe("The most pods. `upkeep:differs.autoscale` changes it for one environment."),
  cpu: sourced(text<Percent>("a whole number from 1 to 100 with a percent sign", "70%", /^([1-9]\d?|100)%$/)).describe(
    "The CPU utilization, as a share of the pods' requests, that the autoscaler keeps.",
  ),
});

/** The bounds of an autoscaler, and its CPU target. */
export interface Autoscale extends z.output<typeof autoscaleSchema> {}

export const useBoundSchema = z.strictObject({
  value: sourced(percent).describe("The share of its limit above which the alert fires."),
  for: sourced(duration).describe("How long the use may be higher before the alert fires."),
  severity: z.enum(severities).describe("Severity of the alert."),
});

/** The share of its limit that a container may use, and the severity of the alert above it. */
export interface UseBound extends z.output<typeof useBoundSchema> {}

export const workloadSchema = z.strictObject({
  kind: z
    .enum(["Deployment", "StatefulSet", "DaemonSet"])
    .describe("Kind of the workload, as its constructor sets it: `deployment`, `statefulSet` or `daemonSet`."),
  name: objectName("a workload", "shop-api").describe("Name of the workload."),
  container: label("api")
    .describe("The container that serves: its CPU and memory use is compared with its limits.")
    .meta({ defaults: "the workload's name" }),
  pods: optional(podLabels).describe("Labels that select its pods and no others; required for a disruption budget."),
  autoscale: optional(autoscaleSchema).describe("The bounds of its autoscaler. Without this it is not scaled."),
  cpuBelow: optional(z.array(useBoundSchema)).describe(
    "The use of that container's CPU limit, on the pod that uses most.",
  ),
  memoryBelow: optional(z.array(useBoundSchema)).describe(
    "The use of that container's memory limit, without the page cache, on the pod that uses most.",
  ),
  maxUnavailable: optional(
    sourced(integer("a whole number, 1 or more: with 0 no node that runs such a pod can ever be drained", 1, 1)),
  ).describe("How many of its pods a drain may evict at once."),
});

/** A workload that the service already runs. Upkeep monitors it, and scales it if that is declared; it never creates or changes it. */
export interface Workload extends z.output<typeof workloadSchema> {}

type Facts = Omit<Workload, "kind" | "name" | "container"> & { container?: string };

/** @param facts default of `container`: the Deployment's name */
export function deployment(name: string, facts: Facts = {}): Workload {
  return { container: name, ...facts, kind: "Deployment", name };
}

/** @param facts default of `container`: the StatefulSet's name */
export function statefulSet(name: string, facts: Facts = {}): Workload {
  return { container: name, ...facts, kind: "StatefulSet", name };
}

/** A DaemonSet has a pod per node: it cannot be scaled. @param facts default of `container`: the DaemonSet's name */
export function daemonSet(name: string, facts: Omit<Facts, "autoscale"> = {}): Workload {
  return { container: name, ...facts, kind: "DaemonSet", name };
}
