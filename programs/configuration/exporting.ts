/**
 * Writes what configures a service, as objects of its namespace, into /scratch/backup.jsonl: a line of JSON for each object,
 * without what the cluster itself filled in, so that two exports of the same configuration are the same bytes. A Secret's line
 * names it and holds the rest encrypted, anew each time: in clear text it is in this process's memory and nowhere else.
 *
 * Where: the Node image. Environment: NAMESPACE; KINDS, JSON such as
 * `[{"kind":"ConfigMap","apiVersion":"v1","resource":"configmaps"}]`; RECIPIENT, whom kinds that are `encrypted` are encrypted to;
 * NODE_EXTRA_CA_CERTS, which names the certificate of the API server's authority.
 * Leaves in /scratch/about.json what the manifest says of it.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { counted, lines, order, sorted } from "../backup/jsonLines.ts";
import { get, type Kind, type KubernetesObject, pathOf } from "../kubernetes/api.ts";
import { isMade, normalized } from "./normalized.ts";

/** Text in, armored age out. */
export type Encrypt = (text: string) => Promise<string>;

interface Page {
  metadata: { continue?: string };
  items: KubernetesObject[];
}

const artefact = "/scratch/backup.jsonl";
const about = "/scratch/about.json";

const NO_RECIPIENT = "RECIPIENT is not set: nobody could read the Secrets";

/** Objects in one answer: a ConfigMap holds up to 1 MiB. */
const PAGE = 50;

/** Secrets that Kubernetes and Helm make for themselves: they are not even asked for. */
const NOT_MADE = "type!=kubernetes.io/service-account-token,type!=helm.sh/release.v1";

async function list(namespace: string, kind: Kind): Promise<KubernetesObject[]> {
  const path = pathOf(kind, namespace);
  if (kind.names) return Promise.all(kind.names.map((name) => get<KubernetesObject>(`${path}/${name}`)));
  const items: KubernetesObject[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(kind.kind === "Secret" && { fieldSelector: NOT_MADE }),
      ...(next && { continue: next }),
    });
    // All pages show the same moment; a list that takes so long that the moment is forgotten fails with 410.
    const page = await get<Page>(`${path}?${query}`);
    items.push(...page.items);
    next = page.metadata.continue;
  } while (next);
  return items.filter((object) => !isMade(object, kind));
}

async function lineOf(kind: Kind, object: KubernetesObject, encrypt: Encrypt | undefined): Promise<string> {
  const text = JSON.stringify(sorted(normalized(kind, object)));
  if (!kind.encrypted) return `${text}\n`;
  if (!encrypt) throw new Error(NO_RECIPIENT);
  const { name, namespace } = object.metadata;
  const age = await encrypt(text);
  return `${JSON.stringify({ age, apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name, namespace } })}\n`;
}

async function run(encryptTo?: (recipient: string) => Encrypt): Promise<void> {
  for (const file of [artefact, about]) rmSync(file, { force: true });
  const startedAt = new Date().toISOString().replace(/\.\d+/, "");
  const { NAMESPACE: namespace = "", KINDS = "[]", RECIPIENT: recipient } = process.env;
  const kinds = (JSON.parse(KINDS) as Kind[]).sort((a, b) => order(a.kind, b.kind));
  const encrypt = recipient ? encryptTo?.(recipient) : undefined;
  if (!encrypt && kinds.some(({ encrypted }) => encrypted)) throw new Error(NO_RECIPIENT);
  const { gitVersion } = await get<{ gitVersion: string }>("/version");

  writeFileSync(artefact, "");
  for (const kind of kinds) {
    const objects = await list(namespace, kind).catch((error: Error) => {
      throw new Error(
        `${kind.kind}: ${error.message}\nnothing is published: an export lacks none of its declared kinds`,
      );
    });
    objects.sort((a, b) => order(a.metadata.name, b.metadata.name));
    const written = await Promise.all(objects.map((object) => lineOf(kind, object, encrypt)));
    writeFileSync(artefact, written.join(""), { flag: "a" });
  }

  // Counted in the artefact itself, read back whole.
  const written = lines<KubernetesObject>(readFileSync(artefact, "utf8"));
  const names = kinds.map(({ kind }) => kind);
  if (written.length === 0) {
    throw new Error(
      `namespace ${namespace} holds none of ${names.join(", ")}: nothing is published; correct the declared namespace or kinds`,
    );
  }
  const facts = {
    kind: "configuration",
    startedAt,
    serverVersion: gitVersion,
    clientVersion: process.version,
    content: { objects: counted(written, names), ...(recipient && { recipient }) },
  };
  writeFileSync(about, `${JSON.stringify(facts)}\n`);
  process.stdout.write(`exported ${written.length} objects of namespace ${namespace}, read back whole\n`);
}

/** @param encryptTo makes what encrypts to a recipient; absent: this pod carries nothing that does */
export function exportConfiguration(encryptTo?: (recipient: string) => Encrypt): void {
  run(encryptTo).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
