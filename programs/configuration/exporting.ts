/**
 * Writes the configuration of a service, objects of its namespace, to /scratch/backup.jsonl: one line of JSON per object, without the
 * fields that the cluster sets, so that two exports of the same configuration are equal bytes. A Secret's line has its name and the rest
 * encrypted, differently each time: the clear text exists only in this process's memory.
 *
 * Where: the Node image. Environment: NAMESPACE; KINDS, JSON such as
 * `[{"kind":"ConfigMap","apiVersion":"v1","resource":"configmaps"}]`; RECIPIENT, to which kinds that are `encrypted` are encrypted;
 * NODE_EXTRA_CA_CERTS, the file of the API server's certificate authority.
 * Writes the manifest's fields to /scratch/about.json.
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

/** Objects per page: a ConfigMap has up to 1 MiB. */
const PAGE = 50;

/** Secrets that Kubernetes and Helm create for themselves: they are not requested. */
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
    // All pages show the same resource version; a list that outlives it fails with 410.
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

  // Counted in the artefact, read back whole.
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

/** @param encryptTo creates the encrypter for a recipient; undefined in pods without encryption code */
export function exportConfiguration(encryptTo?: (recipient: string) => Encrypt): void {
  run(encryptTo).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
