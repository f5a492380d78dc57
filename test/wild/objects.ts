import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { requireGo } from "../../sandbox/tools/requirements.ts";
import { type Source, sources } from "./sources.ts";

/** A Kubernetes object that others published. */
export interface WildObject {
  /** Type token by which Pulumi's provider registers it. */
  type: string;
  /** Kind and name, such as `Deployment/monitoring/grafana`. */
  name: string;
  fields: Record<string, unknown>;
  /** As it is written. */
  text: string;
}

/** A published file. */
export interface WildFile {
  module: string;
  path: string;
  objects: WildObject[];
}

/** The files of all sources, from the modules that go.mod beside this file pins. */
export async function wildFiles(): Promise<WildFile[]> {
  await requireGo("public manifests");
  const { stdout } = await execa("go", ["mod", "download", "-json", ...sources.map(({ module }) => module)], {
    cwd: import.meta.dirname,
    env: { GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" },
  });
  // Go prints one object after the other.
  const folders = [...stdout.matchAll(/"Path": "(.+)"[^}]*"Dir": "(.+)"/g)].map(([, path, folder]) => [path, folder]);
  const folderOf = new Map(folders as [string, string][]);
  const files = await Promise.all(sources.map((source) => filesOf(source, folderOf.get(source.module) as string)));
  return files.flat();
}

async function filesOf({ module, files }: Source, folder: string): Promise<WildFile[]> {
  const found: WildFile[] = [];
  for await (const path of glob([...files], { cwd: folder })) {
    const text = await readFile(join(folder, path), "utf8");
    found.push({ module, path, objects: objectsIn(text) });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The objects in a file; none in a template, or in another program's configuration. */
function objectsIn(text: string): WildObject[] {
  if (isTemplate.test(text) || !/^(?:kind|groups):/m.test(text)) return [];
  // Large, and nothing in them is judged.
  const documents = text.split(/^---.*$/m).filter((document) => !/^kind: CustomResourceDefinition/m.test(document));
  return documents.flatMap((document) => {
    const [parsed] = parseAllDocuments(document);
    if (!parsed || parsed.errors.length > 0) return [];
    const fields: unknown = parsed.toJS();
    return typeof fields === "object" && fields !== null ? objectOf(fields as Fields, document) : [];
  });
}

/** Of Helm, or with a value that a script fills in. An alert's annotation has templates of its own. */
const isTemplate = /\{\{-? *(?:if|include|range|with|define|\.Values|pillar)\b|^ *[\w-]+: +\{\{ \w/m;

type Fields = Record<string, unknown>;

function objectOf(fields: Fields, text: string): WildObject[] {
  const {
    apiVersion = "",
    kind,
    metadata,
    groups,
  } = fields as {
    apiVersion?: string;
    kind?: string;
    metadata?: { namespace?: string; name?: string; generateName?: string };
    groups?: unknown;
  };
  // A rule file of Prometheus becomes the object that carries it into a cluster.
  if (groups !== undefined) {
    const type = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
    return [{ type, name: "PrometheusRule/rules", fields: { spec: { groups } }, text }];
  }
  if (typeof kind !== "string" || typeof apiVersion !== "string") return [];
  const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const name = [kind, metadata?.namespace, metadata?.name ?? metadata?.generateName].filter(Boolean).join("/");
  return [{ type: `kubernetes:${version}:${kind}`, name, fields, text }];
}
