/**
 * Exports a Grafana to /scratch/backup.jsonl: one line of JSON per dashboard, folder, data source and alert rule, without Grafana's own
 * numbering, so that two exports of the same are equal bytes. Grafana never returns a data source's secrets; their names are kept, so
 * that they can be entered again after a restore.
 *
 * Where: the Node image. Environment: GRAFANA_URL; GRAFANA_TOKEN, of a service account with the role Admin: lesser roles
 * cannot read data sources and alert rules. Writes the manifest's fields to /scratch/about.json.
 * Source: grafana.com/docs/grafana/latest/developers/http_api: folder_dashboard_search, dashboard, folder, data_source, alerting_provisioning.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { counted, lines, order, sorted, without } from "../backup/jsonLines.ts";

type Fields = Record<string, unknown>;

/** A line of the artefact. */
interface Line {
  kind: string;
  uid: string;
  [field: string]: unknown;
}

const artefact = "/scratch/backup.jsonl";
const about = "/scratch/about.json";
const kinds = ["folder", "dataSource", "dashboard", "alertRule"];

/** Hits per page. */
const PAGE = 100;
const TIMEOUT_MILLISECONDS = 30_000;

const url = (process.env.GRAFANA_URL ?? "").replace(/\/+$/, "");

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(url + path, {
    headers: { accept: "application/json", authorization: `Bearer ${process.env.GRAFANA_TOKEN}` },
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  }).catch((error: Error) => {
    throw new Error(`${url} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status} to GET ${path}: ${text.slice(0, 300)}`);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`${url} answers GET ${path} with what is no JSON: is it a Grafana?`);
  }
}

/** The uids of all hits of a search, page by page. */
async function found(type: "dash-db" | "dash-folder"): Promise<string[]> {
  const uids: string[] = [];
  for (let page = 1; ; page += 1) {
    const hits = await get<{ uid: string }[]>(`/api/search?type=${type}&limit=${PAGE}&page=${page}`);
    uids.push(...hits.map(({ uid }) => uid));
    if (hits.length < PAGE) return [...new Set(uids)];
  }
}

/** One request at a time, because the Grafana also serves people. */
async function each<T>(uids: string[], read: (uid: string) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (const uid of uids) all.push(await read(encodeURIComponent(uid)));
  return all;
}

async function folders(): Promise<Line[]> {
  return each(await found("dash-folder"), async (at) => {
    const { uid, title, parentUid } = await get<{ uid: string; title: string; parentUid?: string }>(
      `/api/folders/${at}`,
    );
    return { kind: "folder", uid, title, ...(parentUid && { parentUid }) };
  });
}

async function dashboards(): Promise<Line[]> {
  return each(await found("dash-db"), async (at) => {
    const { dashboard, meta } = await get<{ dashboard: Fields & { uid: string }; meta: { folderUid?: string } }>(
      `/api/dashboards/uid/${at}`,
    );
    return {
      kind: "dashboard",
      uid: dashboard.uid,
      ...(meta.folderUid && { folderUid: meta.folderUid }),
      dashboard: without(dashboard, ["id", "version"]),
    };
  });
}

async function dataSources(): Promise<Line[]> {
  const all = await get<{ uid: string }[]>("/api/datasources");
  return each(
    all.map(({ uid }) => uid),
    async (at) => {
      const source = await get<Fields & { uid: string; secureJsonFields?: Fields }>(`/api/datasources/uid/${at}`);
      const numbered = ["id", "orgId", "version", "typeLogoUrl", "accessControl"];
      // Only Grafana before version 9 may store the first two in clear text.
      const secret = ["password", "basicAuthPassword", "secureJsonData"];
      return { kind: "dataSource", uid: source.uid, dataSource: without(source, [...numbered, ...secret]) };
    },
  );
}

async function alertRules(): Promise<Line[]> {
  const rules = await get<(Fields & { uid: string })[]>("/api/v1/provisioning/alert-rules");
  return rules.map((rule) => ({
    kind: "alertRule",
    uid: rule.uid,
    alertRule: without(rule, ["id", "orgID", "updated"]),
  }));
}

async function run(): Promise<void> {
  for (const file of [artefact, about]) rmSync(file, { force: true });
  const startedAt = new Date().toISOString().replace(/\.\d+/, "");
  const { version } = await get<{ version: string }>("/api/health");
  const all = [await folders(), await dataSources(), await dashboards(), await alertRules()];
  const texts = all.flatMap((some) =>
    some.sort((a, b) => order(a.uid, b.uid)).map((line) => `${JSON.stringify(sorted(line))}\n`),
  );
  writeFileSync(artefact, texts.join(""));

  // Counted in the artefact, read back whole.
  const objects = counted(lines<Line>(readFileSync(artefact, "utf8")), kinds);
  if (objects.find(({ kind }) => kind === "dashboard")?.count === 0) {
    throw new Error(
      `${url} shows no dashboard: nothing is published; correct the declared url, or the rights of the token's service account`,
    );
  }
  const facts = {
    kind: "grafana",
    startedAt,
    serverVersion: version,
    clientVersion: process.version,
    content: { objects },
  };
  writeFileSync(about, `${JSON.stringify(facts)}\n`);
  const says = objects.map(({ kind, count }) => `${count} ${kind}`).join(", ");
  process.stdout.write(`exported ${says} from Grafana ${version}, read back whole\n`);
}

run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
