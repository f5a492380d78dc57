import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { step } from "../../cli/common/progress.ts";
import { type Settings, s3Service } from "../settings.ts";
import { tapioDefinitions } from "../world/tapioKinds.ts";
import { kubectl } from "./kubectl.ts";
import { prometheusOperatorCrds } from "./prometheus-operator-crds.ts";

/** Puts into the cluster what belongs to the sandbox itself: the rights of its parts and the S3 Service. */
export async function applyClusterObjects(settings: Settings): Promise<void> {
  await applyOnce(
    settings,
    "cluster-objects",
    JSON.stringify({ apiVersion: "v1", kind: "List", items: objects(settings) }),
  );
}

/** Teaches the cluster prometheus-operator's kinds. */
export async function applyPrometheusOperatorCrds(settings: Settings): Promise<void> {
  const folder = await prometheusOperatorCrds();
  const files = (await readdir(folder)).filter((file) => file.startsWith("monitoring.")).sort();
  const items = await Promise.all(files.map(async (file) => JSON.parse(await readFile(join(folder, file), "utf8"))));
  await applyOnce(settings, "prometheus-operator-crds", JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

/** A mark beside etcd's data says what was applied, because kubectl takes seconds to find nothing to do. */
async function applyOnce(settings: Settings, name: string, documents: string): Promise<void> {
  const mark = join(settings.directory, "etcd", `${name}.applied`);
  const hash = createHash("sha256").update(documents).digest("hex");
  if ((await readFile(mark, "utf8").catch(() => "")) === hash) return;
  // To validate, kubectl would make the API server publish the schema of every kind first.
  const apply = ["apply", "--server-side", "--validate=false", "--field-manager=upkeep-sandbox", "--filename=-"];
  await step(name, () => kubectl(settings, apply, documents));
  await writeFile(mark, hash);
}

function objects(settings: Settings): object[] {
  const { namespace, name, port } = s3Service;
  const ports = [{ name: "https", port, protocol: "TCP" }];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "Service", metadata: { namespace, name }, spec: { ports } },
    // Before the stand-ins of world/, whose objects are of these kinds.
    ...tapioDefinitions,
    ...(settings.node ? nodeObjects(settings) : []),
  ];
}

function nodeObjects({ address, ports }: Settings): object[] {
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
  const role = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name });
  const user = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "User", name });
  const watched = { verbs: ["list", "watch"] };
  return [
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        namespace: s3Service.namespace,
        name: s3Service.name,
        labels: {
          "kubernetes.io/service-name": s3Service.name,
          "endpointslice.kubernetes.io/managed-by": "upkeep-sandbox",
        },
      },
      addressType: "IPv4",
      ports: [{ name: "https", port: ports.s3, protocol: "TCP" }],
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
    },
    {
      ...rbac,
      kind: "ClusterRoleBinding",
      metadata: { name: "upkeep-sandbox:apiserver-to-kubelet" },
      roleRef: role("system:kubelet-api-admin"),
      subjects: [user("kube-apiserver-kubelet-client")],
    },
    {
      ...rbac,
      kind: "ClusterRole",
      metadata: { name: "upkeep-sandbox:coredns" },
      rules: [
        { apiGroups: [""], resources: ["services", "pods", "namespaces"], ...watched },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], ...watched },
      ],
    },
    {
      ...rbac,
      kind: "ClusterRoleBinding",
      metadata: { name: "upkeep-sandbox:coredns" },
      roleRef: role("upkeep-sandbox:coredns"),
      subjects: [user("system:coredns")],
    },
  ];
}
