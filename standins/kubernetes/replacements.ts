import { isWithin, type Path } from "../changes.ts";
import type { DiffRequest } from "../provider.ts";
import { isObject, type Properties } from "../values.ts";
import type { WriteOptions } from "./config.ts";

/** A Pod's fields that may change in place: all that the API server allows. */
const POD_MUTABLE = ["activeDeadlineSeconds", "tolerations"];

/** A PersistentVolume's fields other than the volume itself. */
const VOLUME_SETTINGS = [
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
];

/** What the vendor replaces an object for, by kind; what is not here is left to the API server to accept or refuse. */
const REPLACING: Record<string, string[]> = {
  ClusterRoleBinding: ["roleRef"],
  DaemonSet: ["spec.selector"],
  Deployment: ["spec.selector"],
  Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  ResourceQuota: ["spec.scopes"],
  RoleBinding: ["roleRef"],
  Service: ["spec.clusterIP"],
  StatefulSet: [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  StorageClass: ["parameters", "provisioner"],
};

const BUILT_IN_GROUPS = ["apps", "batch", "rbac.authorization.k8s.io", "storage.k8s.io"];

/** Whether this change needs a new object, as the vendor decides it. */
export function replaces(path: Path, { inputs, oldInputs }: DiffRequest, options: WriteOptions): boolean {
  const within = (...prefixes: string[]) => prefixes.some((prefix) => isWithin(path, prefix.split(".")));
  if (within("metadata.name", "metadata.namespace", "kind")) return true;
  const group = groupOf(inputs);
  if (path[0] === "apiVersion") return group !== groupOf(oldInputs);
  const kind = String(inputs.kind);
  if (group === "" && kind === "ConfigMap") {
    return (!options.mutableConfigMaps || inputs.immutable === true) && within("data", "binaryData");
  }
  if (group === "" && kind === "Secret") {
    return within("type") || ((!options.mutableSecrets || inputs.immutable === true) && within("data", "stringData"));
  }
  if (group === "" && kind === "Pod") return path[0] === "spec" && !POD_MUTABLE.includes(String(path[1]));
  if (group === "" && kind === "PersistentVolume") {
    return path[0] === "spec" && path.length > 1 && !VOLUME_SETTINGS.includes(String(path[1]));
  }
  return (group === "" || BUILT_IN_GROUPS.includes(group)) && within(...(REPLACING[kind] ?? []));
}

/** Two objects cannot have the same name at the same time. */
export function sameName({ inputs, oldInputs }: DiffRequest): boolean {
  const identity = ({ metadata }: Properties) =>
    isObject(metadata) ? `${metadata.namespace ?? "default"}/${metadata.name}` : undefined;
  return identity(inputs) === identity(oldInputs);
}

function groupOf({ apiVersion }: Properties): string {
  const [group = "", version] = String(apiVersion).split("/");
  return version === undefined ? "" : group;
}
