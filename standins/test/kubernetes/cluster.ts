import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { issueCertificates } from "../../../sandbox/certificates.ts";
import { applyPrometheusOperatorCrds } from "../../../sandbox/parts/cluster-objects.ts";
import { apiserver, controllerManager, etcd } from "../../../sandbox/parts/control-plane.ts";
import { kubeconfigFile, writeKubeconfigs } from "../../../sandbox/parts/kubeconfig.ts";
import { kubectl as kubectlIn } from "../../../sandbox/parts/kubectl.ts";
import { runPart } from "../../../sandbox/parts/run-part.ts";
import { runningProcess, signalled } from "../../../sandbox/processes.ts";
import { type Settings, settings } from "../../../sandbox/settings.ts";
import type { Declaration, Program } from "../stack.ts";

/** Far from those that people use. */
const SLOT = "57";

const parts = [etcd, apiserver, controllerManager];

const cluster: Settings = { ...settings(SLOT, false), directory: join(tmpdir(), `upkeep-cluster-${process.pid}`) };

/** A control plane for all tests of a run: no node is needed to see what the API server makes of an object. */
before("start a control plane", async function () {
  this.timeout("2m");
  await issueCertificates(cluster);
  await writeKubeconfigs(cluster);
  for (const part of parts) await runPart(cluster, part, new AbortController().signal);
});

after("stop the control plane", async function () {
  this.timeout("1m");
  const pids = await Promise.all(parts.map(({ name }) => runningProcess(cluster, name)));
  await Promise.all(pids.map((pid) => pid && signalled(pid, "SIGKILL", 5000)));
  await rm(cluster.directory, { recursive: true, force: true });
});

let namespaces = 0;

/** A namespace of the test's own; nothing is deleted at the end, the cluster is. */
export async function newNamespace(labels: Record<string, string> = {}): Promise<string> {
  const name = `test-${process.pid}-${namespaces++}`;
  await put({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  return name;
}

/** Of its administrator. */
export const kubeconfig = kubeconfigFile(cluster);

/** Makes prometheus-operator's kinds known, as in a cluster that has it. */
export function addPrometheusOperatorKinds(): Promise<void> {
  return applyPrometheusOperatorCrds(cluster);
}

/** Runs kubectl, which shares no code with the stand-in. */
export function kubectl(...args: string[]): Promise<string> {
  return kubectlIn(cluster, args);
}

/** Creates an object as a person would. */
export async function put(object: object): Promise<void> {
  await kubectlIn(cluster, ["create", "-f", "-"], JSON.stringify(object));
}

/** Applies an object server-side, as another manager of its fields. */
export async function applyAs(manager: string, object: object): Promise<void> {
  const args = ["apply", "--server-side", "--force-conflicts", `--field-manager=${manager}`, "-f", "-"];
  await kubectlIn(cluster, args, JSON.stringify(object));
}

/** An object as the API server has it; undefined when there is none. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into objects
export async function live(kind: string, namespace: string, name: string): Promise<any> {
  const text = await kubectl("get", kind, name, "-n", namespace, "-o", "json", "--ignore-not-found");
  return text === "" ? undefined : JSON.parse(text);
}

/** Waits until something holds, which it must within a minute. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${condition}`);
    await sleep(100);
  }
}

/** A program of these objects, named in it as in Kubernetes. */
export function program(objects: KubernetesObject[], provider: object = {}): Program {
  return {
    package: "kubernetes",
    provider: { kubeconfig, context: "sandbox", ...provider },
    resources: objects.map(declaration),
  };
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [key: string]: unknown };
  [key: string]: unknown;
}

export function declaration(object: KubernetesObject): Declaration {
  const { apiVersion, kind, metadata } = object;
  const module = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return { type: `kubernetes:${module}:${kind}`, name: metadata.name, properties: object };
}
