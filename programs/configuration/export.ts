/**
 * Writes what configures a service, as objects of its namespace, into /scratch/backup.jsonl: a line of JSON for each object,
 * without what the cluster itself filled in, so that two exports of the same configuration are the same bytes. Secrets are
 * never asked for.
 *
 * Where: the Node image, whose Node runs TypeScript; nothing is imported but Node's own modules. Environment: NAMESPACE;
 * KINDS, JSON such as `[{"kind":"ConfigMap","apiVersion":"v1","resource":"configmaps"}]`; NODE_EXTRA_CA_CERTS, which names
 * the certificate of the API server's authority.
 * Leaves in /scratch/about.json what the manifest says of it.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";

interface Kind {
  kind: string;
  apiVersion: string;
  resource: string;
}

interface KubernetesObject {
  metadata: { name: string; annotations?: Record<string, string> } & Record<string, unknown>;
  spec?: Record<string, unknown>;
  [field: string]: unknown;
}

interface Page {
  metadata: { continue?: string };
  items: KubernetesObject[];
}

const api = "https://kubernetes.default.svc";
const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const artefact = "/scratch/backup.jsonl";
const about = "/scratch/about.json";

/** Objects in one answer: a ConfigMap holds up to 1 MiB. */
const PAGE = 50;
const TIMEOUT_MILLISECONDS = 60_000;

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(api + path, {
    headers: { accept: "application/json", authorization: `Bearer ${readFileSync(token, "utf8")}` },
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  }).catch((error: Error) => {
    throw new Error(`${api} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${api} answers ${answer.status} to GET ${path}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as T;
}

async function list(namespace: string, { apiVersion, resource }: Kind): Promise<KubernetesObject[]> {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const items: KubernetesObject[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(PAGE), ...(next && { continue: next }) });
    // All pages show the same moment; a list that takes so long that the moment is forgotten fails with 410.
    const page = await get<Page>(`${group}/namespaces/${namespace}/${resource}?${query}`);
    items.push(...page.items);
    next = page.metadata.continue;
  } while (next);
  return items;
}

/** Every cluster puts this one into every namespace. */
const made = (kind: string, name: string) => kind === "ConfigMap" && name === "kube-root-ca.crt";

/** What the API server and its controllers fill in: it means nothing in another cluster, or at another time. */
const filledIn = {
  metadata: [
    ...["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"],
    // They name their owner by uid: restored as they are, the garbage collector would delete the object at once.
    "ownerReferences",
  ],
  annotations: ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"],
};

function normalized({ kind, apiVersion }: Kind, { status: _, ...object }: KubernetesObject): KubernetesObject {
  const { annotations: given, ...metadata } = without(object.metadata, filledIn.metadata);
  const annotations = without((given ?? {}) as Record<string, string>, filledIn.annotations);
  return {
    ...object,
    apiVersion,
    kind,
    metadata: {
      ...(metadata as KubernetesObject["metadata"]),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(kind === "Service" && object.spec && { spec: withoutAddress(object.spec) }),
  };
}

/** A Service's address is the cluster's to give, unless the Service is to have none. */
function withoutAddress(spec: Record<string, unknown>): Record<string, unknown> {
  return spec.clusterIP === "None" ? spec : without(spec, ["clusterIP", "clusterIPs"]);
}

function without<T extends Record<string, unknown>>(fields: T, names: string[]): Record<string, T[keyof T]> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))) as Record<
    string,
    T[keyof T]
  >;
}

/** Keys in order at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => order(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** By code unit: a locale's order changes with the image. */
function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

async function run(): Promise<void> {
  for (const file of [artefact, about]) rmSync(file, { force: true });
  const startedAt = new Date().toISOString().replace(/\.\d+/, "");
  const { NAMESPACE: namespace = "", KINDS = "[]" } = process.env;
  const kinds = (JSON.parse(KINDS) as Kind[]).sort((a, b) => order(a.kind, b.kind));
  const { gitVersion } = await get<{ gitVersion: string }>("/version");

  writeFileSync(artefact, "");
  for (const kind of kinds) {
    const objects = (await list(namespace, kind))
      .filter(({ metadata }) => !made(kind.kind, metadata.name))
      .sort((a, b) => order(a.metadata.name, b.metadata.name));
    const lines = objects.map((object) => `${JSON.stringify(sorted(normalized(kind, object)))}\n`);
    writeFileSync(artefact, lines.join(""), { flag: "a" });
  }

  // Counted in the artefact itself, read back whole.
  const written = readFileSync(artefact, "utf8").split("\n").slice(0, -1);
  const counts = new Map(kinds.map(({ kind }) => [kind, 0]));
  for (const line of written) {
    const { kind } = JSON.parse(line) as Kind;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  if (written.length === 0) {
    throw new Error(
      `namespace ${namespace} holds none of ${kinds.map(({ kind }) => kind).join(", ")}: nothing is published; correct the declared namespace or kinds`,
    );
  }
  const content = { objects: [...counts].map(([kind, count]) => ({ kind, count })) };
  const facts = {
    kind: "configuration",
    startedAt,
    serverVersion: gitVersion,
    clientVersion: process.version,
    content,
  };
  writeFileSync(about, `${JSON.stringify(facts)}\n`);
  process.stdout.write(`exported ${written.length} objects of namespace ${namespace}, read back whole\n`);
}

run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
