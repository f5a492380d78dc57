import type { ResourceValidationPolicy } from "@pulumi/policy";
import { podShape } from "../domain/kubernetes/podSpec.ts";
import {
  type PodTemplate,
  templatePathOf,
  type WrittenObject,
  writtenObjects,
} from "../domain/kubernetes/writtenObjects.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { type Shape, shaped } from "../domain/values/shape.ts";
import { type Definition, definePolicy } from "./definePolicy.ts";
import type { Configurable } from "./rule.ts";
import type { Given, Settings } from "./settings.ts";

/** One rule about Kubernetes objects, also in Lists and as Patches. */
export interface ObjectDefinition<S extends Settings = Settings> extends Omit<Definition<S>, "types" | "faults"> {
  /** Gets one object; the paths of its faults begin there. */
  faults(object: WrittenObject, attempt: Attempt, given: Given<S>): Fault[];
}

/** A policy about Kubernetes objects. Of a Patch it reports only what is written in it. */
export function defineObjectPolicy<S extends Settings>(
  objectDefinition: ObjectDefinition<S>,
): ResourceValidationPolicy & Configurable {
  const { faults, ...definition } = objectDefinition;
  return definePolicy<S>({
    ...definition,
    types: ["kubernetes:*"],
    faults: ({ type, props }, attempt, given) =>
      objectFaults(writtenObjects(type, props, attempt), attempt, (object) => faults(object, attempt, given)),
  });
}

/** Faults of a resource's objects, with the paths of the resource. @param check its paths begin at the object */
export function objectFaults(
  objects: readonly WrittenObject[],
  attempt: Attempt,
  check: (object: WrittenObject) => Fault[],
): Fault[] {
  return objects.flatMap((object) =>
    attempt(() => {
      const found = check(object).filter(({ got }) => !object.partial || got !== undefined);
      return object.at === "" ? found : found.map((fault) => ({ ...fault, path: `${object.at}.${fault.path}` }));
    }),
  );
}

/** A view of an object's fields, of which each has its shape. */
export function fieldsOf<T extends object>({ fields, at }: WrittenObject, shape: Shape): T {
  return shaped<T>(fields, shape, at);
}

/** The object's pod template and the path of its specification; undefined if it has none. */
export function podOf(object: WrittenObject): { template: PodTemplate; at: string } | undefined {
  const path = templatePathOf(object);
  if (path === undefined) return undefined;
  const shape = path.reduceRight<Shape>((inner, key) => ({ [key]: inner }), {
    metadata: { annotations: { "*": "text" } },
    spec: podShape,
  });
  const inside = (value: unknown, key: string) => (value as Record<string, unknown> | undefined)?.[key];
  const template = path.reduce(inside, fieldsOf(object, shape)) as PodTemplate | undefined;
  return { template: template ?? {}, at: [...path, "spec"].join(".") };
}
