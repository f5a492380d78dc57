import { createHash } from "node:crypto";
import { type Properties, secret } from "../values.ts";

export interface KubernetesObject extends Properties {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

export interface Metadata extends Properties {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  annotations?: Record<string, string>;
  managedFields?: ManagedFields[];
}

/** Which fields one manager owns; `fieldsV1` is a tree whose keys are field names. */
export interface ManagedFields extends Properties {
  manager: string;
  operation: "Apply" | "Update";
  subresource?: string;
  fieldsV1: Properties;
}

/** Where the state keeps the name under which the object's fields are owned, as the vendor does. */
const FIELD_MANAGER = "__fieldManager";

/** Written by `kubectl apply`: a second copy of the whole object, secrets included. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Set by the API server alone. */
const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** "kubernetes:core/v1:ConfigMap" and "kubernetes:apps/v1:Deployment", as an object says it. */
export function typeOf(token: string): { apiVersion: string; kind: string } {
  const [, module = "", kind = ""] = token.split(":");
  return { apiVersion: module.replace(/^core\//, ""), kind };
}

/** The id of an object in a state: `namespace/name`, or `name` when it has no namespace. */
export function idOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return namespace === undefined ? `${name}` : `${namespace}/${name}`;
}

export function parseId(id: string): { namespace?: string; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

export function annotation(object: KubernetesObject, key: string): string | undefined {
  return object.metadata.annotations?.[key];
}

/**
 * The name that owns the object's fields: one for each resource, so that two stacks that claim one field conflict. A state keeps it:
 * a resource that is renamed in the program must go on as the same manager.
 */
export function fieldManager(urn: string, inputs: KubernetesObject, state: Properties = {}): string {
  const hash = createHash("sha256").update(urn).digest("hex").slice(0, 8);
  const kept = state[FIELD_MANAGER] as string | undefined;
  return annotation(inputs, "pulumi.com/patchFieldManager") ?? kept ?? `pulumi-kubernetes-${hash}`;
}

/** What the state keeps of a live object: all but the record of its managers, which changes with every write. */
export function stateOf(live: KubernetesObject, manager: string): Properties {
  return { ...withSecrets(withoutCopies(live)), [FIELD_MANAGER]: manager };
}

/** The inputs that would make this object, for an import. */
export function inputsOf(live: KubernetesObject): Properties {
  const { status: _, ...rest } = withoutCopies(live);
  const metadata = Object.entries(rest.metadata as Properties).filter(([key]) => !SERVER_METADATA.includes(key));
  return { ...rest, metadata: Object.fromEntries(metadata) };
}

/** Marks a Secret's data: an imported one has no input to learn that from. */
export function withSecrets(object: Properties): Properties {
  if (object.kind !== "Secret" || object.apiVersion !== "v1") return object;
  const { data, stringData } = object;
  return {
    ...object,
    ...(data === undefined ? {} : { data: secret(data) }),
    ...(stringData === undefined ? {} : { stringData: secret(stringData) }),
  };
}

function withoutCopies(live: KubernetesObject): Properties {
  const { managedFields: _, annotations, ...metadata } = live.metadata;
  if (annotations === undefined) return { ...live, metadata };
  const { [LAST_APPLIED]: __, ...kept } = annotations;
  return { ...live, metadata: Object.keys(kept).length === 0 ? metadata : { ...metadata, annotations: kept } };
}
