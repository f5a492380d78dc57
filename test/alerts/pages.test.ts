import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificate } from "../../sandbox/certificates.ts";
import { apiserverUrl, kubeconfigFile } from "../../sandbox/parts/kubeconfig.ts";
import { tool } from "../../sandbox/tools/index.ts";
import { renderedRules } from "../rules/rendered.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { startAlertmanagers } from "../support/servers/alertmanager.ts";
import { startPrometheus } from "../support/servers/prometheus.ts";
import { freePort, type Server, startServer } from "../support/servers/server.ts";
import { type Exporter, startExporter } from "./exporter.ts";
import { askedBy, groupedBy } from "./selected.ts";
import { unexported } from "./unexported.ts";

/** What Prometheus or a scrape's configuration adds to each series. */
const SCRAPED = ["job", "instance", "service", "namespace", "pod"];

/** The service whose servers are looked at. */
const MPLP = "mplp-production";

/** Series that Prometheus makes itself. */
const OWN = ["up", "ALERTS"];

/** The labels of each metric; none for one that is described, and has no sample now. */
type Page = Map<string, Set<string>>;

function read(text: string, page: Page): void {
  for (const line of text.split("\n")) {
    const [, described] = /^# (?:HELP|TYPE) (\S+)/.exec(line) ?? [];
    const [, sampled, labels = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    const name = described ?? sampled;
    if (name === undefined) continue;
    const known = page.get(name) ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label as string);
    page.set(name, known);
  }
}

describe("the series that the rules of every stack select", function () {
  this.timeout("5m");
  const page: Page = new Map();
  const folder = mkdtempSync(join(tmpdir(), "upkeep-pages-"));
  const servers: Server[] = [];
  const forwards: ChildProcess[] = [];
  let kubeStateMetrics: Exporter;
  const asked: { alert: string; metric: string; labels: string[] }[] = [];
  const grouped: { alert: string; label: string; metrics: string[] }[] = [];

  before(async () => {
    const sandbox = await sandboxUnderTest();
    kubeStateMetrics = await startExporter(sandbox.settings);
    const texts = [
      kubeStateMetrics.page(),
      ...(await kubeletPages(sandbox)),
      probe(sandbox),
      postgres(sandbox),
      redis(sandbox),
      ...(await ownPages()),
    ];
    for (const text of await Promise.all(texts)) read(text, page);
    for (const stack of ["prod", "staging", "sandbox"]) {
      const { alerts, records } = await renderedRules(stack);
      const recorded = new Set(records.map(({ record }) => record));
      for (const { alert, expr } of [...alerts, ...records.map(({ record, expr }) => ({ alert: record, expr }))]) {
        const selected = askedBy(expr).filter(({ metric }) => !recorded.has(metric) && !OWN.includes(metric));
        asked.push(...selected.map((one) => ({ alert, ...one })));
        const metrics = selected.map(({ metric }) => metric);
        grouped.push(...groupedBy(expr).map((label) => ({ alert, label, metrics })));
      }
    }
  });
  after(async () => {
    await Promise.all([kubeStateMetrics?.stop(), ...servers.map((server) => server.kill())]);
    for (const forward of forwards) forward.kill();
    rmSync(folder, { recursive: true });
  });

  it("are on their exporters' real pages, or listed as what cannot be had here", () => {
    assert.ok(asked.length > 500, `only ${asked.length} selectors`);
    const missing = new Set(asked.filter(({ metric }) => !page.has(metric)).map(({ metric }) => metric));
    assert.deepEqual([...missing].sort(), Object.keys(unexported).sort());
  });

  it("have there every label that a rule asks for", () => {
    const wrong = asked.flatMap(({ alert, metric, labels }) => {
      const known = page.get(metric);
      if (!known || known.size === 0) return [];
      const lacking = labels.filter((label) => !known.has(label) && !SCRAPED.includes(label));
      return lacking.length > 0 ? [`${alert}: ${metric} has no ${lacking}, only ${[...known]}`] : [];
    });
    assert.deepEqual([...new Set(wrong)], []);
  });

  it("have there the labels by which a rule groups them", () => {
    assert.ok(grouped.length > 50, `only ${grouped.length} groupings`);
    const wrong = grouped
      .filter(({ label }) => !SCRAPED.includes(label))
      // What has no sample now may have any label.
      .filter(({ metrics }) => metrics.length > 0 && metrics.every((metric) => (page.get(metric)?.size ?? 0) > 0))
      .filter(({ label, metrics }) => !metrics.some((metric) => page.get(metric)?.has(label)));
    assert.deepEqual(wrong, []);
  });

  /** The kubelet's own page, and cadvisor's. */
  async function kubeletPages({ kubectl }: Sandbox): Promise<Promise<string>[]> {
    const node = await kubectl("get", "nodes", "--output=jsonpath={.items[0].metadata.name}");
    return ["metrics", "metrics/cadvisor"].map((path) =>
      kubectl("get", "--raw", `/api/v1/nodes/${node}/proxy/${path}`),
    );
  }

  /** A real probe of an address with a certificate. */
  async function probe({ settings }: Sandbox): Promise<string> {
    const file = join(folder, "blackbox.yaml");
    const tls_config = { ca_file: certificate(settings, "ca").certificate };
    writeFileSync(file, JSON.stringify({ modules: { http_2xx: { prober: "http", http: { tls_config } } } }));
    const host = `127.0.0.1:${await freePort()}`;
    const server = await startServer(
      "prometheus-blackbox-exporter",
      [`--config.file=${file}`, `--web.listen-address=${host}`],
      `http://${host}`,
      "/-/healthy",
    );
    servers.push(server);
    const target = `${apiserverUrl(settings)}/healthz`;
    return (await fetch(`${server.address}/probe?module=http_2xx&target=${encodeURIComponent(target)}`)).text();
  }

  /** postgres_exporter's, of MPLP's server. */
  async function postgres(sandbox: Sandbox): Promise<string> {
    const password = await sandbox.kubectl(
      ...[
        "--namespace",
        MPLP,
        "get",
        "secret",
        "postgresql-superuser",
        "--output=go-template={{.data.password | base64decode}}",
      ],
    );
    const server = await forwarded(sandbox, "postgresql", 5432);
    const data = `postgresql://postgres:${encodeURIComponent(password)}@${server}/mplp_production?sslmode=disable`;
    return exporterPage("postgres_exporter", ["--collector.database_wraparound"], { DATA_SOURCE_NAME: data });
  }

  /** redis_exporter's, of MPLP's server. */
  async function redis(sandbox: Sandbox): Promise<string> {
    const server = await forwarded(sandbox, "redis", 6379);
    return exporterPage("prometheus-redis-exporter", [`--redis.addr=redis://${server}`]);
  }

  async function exporterPage(program: string, options: string[], env: Record<string, string> = {}): Promise<string> {
    const host = `127.0.0.1:${await freePort()}`;
    const all = [...options, `--web.listen-address=${host}`];
    servers.push(await startServer(program, all, `http://${host}`, "/metrics", env));
    return (await fetch(`http://${host}/metrics`)).text();
  }

  /** A Service's port on this machine. */
  async function forwarded({ settings }: Sandbox, service: string, port: number): Promise<string> {
    const local = await freePort();
    const forward = spawn(
      await tool("kubectl"),
      [
        `--kubeconfig=${kubeconfigFile(settings)}`,
        `--namespace=${MPLP}`,
        "port-forward",
        `service/${service}`,
        `${local}:${port}`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    forwards.push(forward);
    await once(forward.stdout, "data");
    return `127.0.0.1:${local}`;
  }

  /** Those of Prometheus and Alertmanager. */
  async function ownPages(): Promise<Promise<string>[]> {
    const [data, alertmanagers] = ["prometheus", "alertmanager"].map((name) => join(folder, name)) as [string, string];
    mkdirSync(data);
    mkdirSync(alertmanagers);
    const { alerts } = await renderedRules("sandbox");
    const own = await startPrometheus({ folder: data, groups: [{ name: "rules", rules: alerts }], scrapes: [] });
    const routes = { route: { receiver: "none" }, receivers: [{ name: "none" }] };
    servers.push(own, ...(await startAlertmanagers(alertmanagers, routes, 1, "15s")));
    return servers.map(async ({ address }) => (await fetch(`${address}/metrics`)).text());
  }
});
