import type { Attempt } from "../values/attempt.ts";
import type { PodSpec } from "./podSpec.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A Kubernetes object in a resource: the resource itself, or an item of a List. */
export interface WrittenObject {
  /** Without `Patch` and `List`, such as `CronJob`. */
  kind: string;
  /** API group, such as `batch`; `core` for the first one. */
  group: string;
  fields: Fields;
  /** Path of the object in the resource, such as `items[0]`; empty for the resource itself. */
  at: string;
  /** Whether it changes only the fields that it has, in an object that exists. */
  partial: boolean;
}

/** A pod's template: its annotations and its specification. */
export interface PodTemplate {
  metadata?: { annotations?: Record<string, string> };
  spec?: PodSpec;
}

/**
 * The objects that a resource of Pulumi's Kubernetes provider holds.
 *
 * @param type token, such as `kubernetes:batch/v1:CronJob`, `kubernetes:batch/v1:CronJobPatch`, `kubernetes:batch/v1:CronJobList`
 */
export function writtenObjects(type: string, properties: Fields, attempt: Attempt): WrittenObject[] {
  const [, group = "", name = ""] = /^kubernetes:([^/:]+)\/[^/:]+:(\w+)$/.exec(type) ?? [];
  const list = /^(\w*)List$/.exec(name);
  if (list && Array.isArray(properties.items)) return itemsOf(list[1] ?? "", group, properties.items, attempt);
  const kind = name.replace(/Patch$/, "");
  return [{ kind, group, fields: properties, at: "", partial: kind !== name }];
}

function itemsOf(kind: string, group: string, items: readonly unknown[], attempt: Attempt): WrittenObject[] {
  return Object.keys(items).flatMap((index) => {
    const objects: WrittenObject[] = [];
    attempt(() => {
      const item = items[Number(index)];
      if (typeof item !== "object" || item === null) return [];
      const fields = item as Fields;
      const own = typeof fields.kind === "string" ? fields.kind : kind;
      const [, ownGroup = own === kind ? group : "core"] =
        /^([^/]+)\//.exec(typeof fields.apiVersion === "string" ? fields.apiVersion : "") ?? [];
      objects.push({ kind: own, group: ownGroup, fields, at: `items[${index}]`, partial: false });
      return [];
    });
    return objects;
  });
}

/** Groups of Kubernetes' own kinds, in versions that are gone too. */
const ownGroups = ["core", "apps", "batch", "extensions"];

/** Path of the pod's template in each kind of Kubernetes' own. */
export const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ["template"],
  ReplicationController: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** Where custom resources have a pod's template: Rollout, CloneSet, DeploymentConfig; AdvancedCronJob; ScaledJob. */
const customPaths = [
  ["spec", "template"],
  ["spec", "jobTemplate", "spec", "template"],
  ["spec", "jobTargetRef", "template"],
];

/** Path of the pod's template in an object; undefined if it has none. Of a custom resource it counts only with containers. */
export function templatePathOf({ kind, group, fields }: WrittenObject): readonly string[] | undefined {
  if (ownGroups.includes(group)) return Object.hasOwn(templatePaths, kind) ? templatePaths[kind] : undefined;
  return customPaths.find((path) => inside(fields, [...path, "spec", "containers"]) !== undefined);
}

function inside(fields: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Fields)[key] : undefined),
    fields,
  );
}
