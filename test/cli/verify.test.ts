import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import { declared } from "../../cli/declared.ts";
import type { PreviewedResource } from "../../cli/preview.ts";
import { api } from "../../cli/verify/api.ts";
import type { Finding } from "../../cli/verify/finding.ts";
import { probeFindings } from "../../cli/verify/probes.ts";
import { routeFindings } from "../../cli/verify/routes.ts";
import { ruleFindings } from "../../cli/verify/rules.ts";
import { seriesFindings } from "../../cli/verify/series.ts";
import { serverFindings } from "../../cli/verify/server.ts";
import { upstreamFindings } from "../../cli/verify/upstream.ts";
import { probesOf } from "../../domain/alerting/probes.ts";
import { upstreamAlerts } from "../../domain/alerting/upstreamAlerts.ts";
import type { RuleGroup } from "../../domain/prometheus/rules.ts";
import { alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { serviceRoutes } from "../../domain/routing/alertmanagerConfig.ts";
import { platform } from "../../domain/routing/platform.ts";
import { selectedBy } from "../../domain/values/promql.ts";
import { assembled } from "../routes/operator.ts";
import { startAlertmanagers } from "../support/servers/alertmanager.ts";
import { type Exporter, startExporter } from "../support/servers/exporter.ts";
import { startPrometheus } from "../support/servers/prometheus.ts";
import { freePort, type Server } from "../support/servers/server.ts";

const make = (...args: string[]) =>
  execa("make", ["--silent", ...args], { cwd: clone, all: true, reject: false, stdin: "ignore" });
const shown = (findings: Finding[]) => findings.map(({ what, got }) => `${what}: ${got}`);

/** Against real servers, which have loaded what the program renders; an exporter of the test's own has a series of each metric. */
describe("`make verify`", function () {
  this.timeout("5m");
  let folder: string;
  let groups: RuleGroup[];
  let exporter: Exporter;
  const servers: Server[] = [];
  const inFolder = (name: string) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const prometheus = async (name: string, options: Partial<Parameters<typeof startPrometheus>[0]>) => {
    const server = await startPrometheus({ folder: inFolder(name), groups, scrapes: [], ...options });
    servers.push(server);
    return api("Prometheus", server.address);
  };
  const alertmanager = async (name: string, configuration: object) => {
    const [server] = await startAlertmanagers(inFolder(name), configuration);
    servers.push(server as Server);
    return server as Server;
  };
  const scraped = () => ({ job_name: "exporters", honor_labels: true, static_configs: [{ targets: [exporter.host] }] });

  before("render prod's rules", async () => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-verify-"));
    const { exitCode, stdout, stderr } = await make("rules", "STACK=prod");
    assert.equal(exitCode, 0, stderr);
    ({ groups } = parse(stdout));
    writeFileSync(join(folder, "rules.yaml"), stdout);
    exporter = await startExporter();
    const selected = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => selectedBy(expr)));
    const page = [...new Set(selected.map(sample))].join("\n");
    exporter.page = () => page;
  });
  after("end the servers", async () => {
    await Promise.all(servers.map((server) => server.kill()));
    exporter?.close();
    rmSync(folder, { recursive: true });
  });

  it("reads what `make rules` prints: a rule file, which promtool accepts", async () => {
    const { all } = await execa("promtool", ["check", "rules", join(folder, "rules.yaml")], { all: true });
    const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
    assert.match(all, new RegExp(`SUCCESS: ${count} rules found`));
    assert.ok(count > 300, String(count));
  });

  it("finds nothing where all is as declared", async () => {
    const { environment, maintained } = await declared("prod");
    const notified = await alertmanager("alertmanager", alertmanagerConfiguration(environment, maintained));
    const probed = maintained
      .flatMap((service) => probesOf(service, environment))
      .map(({ jobName, endpoint }) => ({
        job_name: jobName,
        static_configs: endpoint.urls.map((instance) => ({ targets: [exporter.host], labels: { instance } })),
      }));
    assert.ok(probed.length > 2);
    const ask = await prometheus("prometheus", {
      groups: [...groups, upstream(upstreamAlerts)],
      scrapes: [scraped(), ...probed],
      alertmanagers: [notified],
      retention: environment.monitoring.retention,
    });
    await until(async () => (await seriesFindings(ask, groups)).length === 0);
    const addresses = [`PROMETHEUS=${servers.at(-1)?.address}`, `ALERTMANAGER=${notified.address}/`];
    const { exitCode, all } = await make("verify", "STACK=prod", ...addresses);
    assert.match(all, /^\d+ rules of \d+ groups; all is as declared$/);
    assert.equal(exitCode, 0);
  });

  it("finds each alert of kube-prometheus that is not loaded", async () => {
    const [missing, ...loaded] = upstreamAlerts;
    const ask = await prometheus("upstream", { groups: [upstream(loaded)], scrapes: [scraped()] });
    await until(async () => (await upstreamFindings(ask)).length < upstreamAlerts.length);
    assert.deepEqual(shown(await upstreamFindings(ask)), [`alert ${missing} of kube-prometheus: not loaded`]);
  });

  it("finds each group, expression, series, Probe and setting that is not as declared", async () => {
    const rule = { alert: "Old", for: "1m", labels: {}, annotations: {} };
    const old = { ...rule, expr: "kube_job_failed > 1" };
    const clash = { record: "clash", expr: 'label_replace(there, "a", "b", "", "")' };
    const before = exporter.page();
    exporter.page = () => `${before}\nelsewhere{exported_namespace="shop"} 1\nthere{a="1"} 1\nthere{a="2"} 1`;
    const ask = await prometheus("other", {
      groups: [{ name: "changed", rules: [old, clash] }] as RuleGroup[],
      scrapes: [scraped(), { job_name: "upkeep/shop/down", static_configs: [{ targets: ["127.0.0.1:9"] }] }],
      retention: "15d",
    });
    const of = (name: string, ...rules: object[]) => ({ name, rules }) as RuleGroup;
    const needed = [
      { ...rule, expr: 'nowhere{namespace="shop"} > elsewhere{namespace="shop"}' },
      { ...rule, alert: "Older", expr: "nowhere_at_all or there" },
    ];
    await until(async () => (await ruleFindings(ask, [of("changed", clash)])).length === 1);
    assert.deepEqual(
      shown(
        await ruleFindings(ask, [
          of("missing", old),
          of("changed", { ...old, expr: "kube_job_failed >   2" }),
          of("changed", { ...old, expr: "kube_job_failed>1" }, clash),
        ]),
      ),
      [
        'rule group "missing": not loaded',
        'rule Old of group "changed": not loaded with this expression',
        'rule clash of group "changed": its evaluation fails: vector cannot contain metrics with the same labelset',
      ],
    );
    assert.deepEqual(shown(await seriesFindings(ask, [of("changed", ...needed)])), [
      'series nowhere{namespace="shop"}, which Old needs: not there in the last hour',
      'series elsewhere{namespace="shop"}, which Old needs: there with the label exported_namespace instead of namespace',
      "series nowhere_at_all, which Older needs: not there in the last hour",
    ]);
    // A target that was not scraped yet is neither up nor down.
    await until(async () => (await probeFindings(ask, [probe("down", 1)])).length === 1);
    assert.deepEqual(shown(await probeFindings(ask, [probe("down", 1), probe("unknown", 2)])), [
      'Probe shop/shop-down: Get "http://127.0.0.1:9/metrics": dial tcp 127.0.0.1:9: connect: connection refused',
      "Probe shop/shop-unknown: 0 of its 2 addresses scraped",
    ]);
    assert.deepEqual(shown(await serverFindings(ask, "31d")), [
      "retention of Prometheus: 15d",
      "Prometheus: sends alerts to no Alertmanager",
    ]);
  });

  it("finds each route that Alertmanager has not loaded, be it Upkeep's own or shared", async () => {
    const prod = await declared("prod");
    const [first, ...others] = prod.maintained;
    const without = await alertmanager("without", alertmanagerConfiguration(prod.environment, others));
    const missing = await routeFindings(api("Alertmanager", without.address), prod.environment, prod.maintained);
    assert.ok(missing.length > 0);
    for (const { what } of missing) assert.match(what, new RegExp(`service="${first?.name}"`));

    const { environment, maintained } = await declared("staging");
    assert.equal(environment.alerting.owner, "shared");
    const configurations = serviceRoutes(environment, [...maintained, platform(environment)]);
    const shared = await alertmanager("shared", assembled(configurations));
    const found = await routeFindings(api("Alertmanager", shared.address), environment, maintained);
    assert.deepEqual(found, []);
    const part = await alertmanager("part", assembled(configurations.slice(1)));
    const lost = await routeFindings(api("Alertmanager", part.address), environment, maintained);
    assert.ok(lost.length > 0);
    for (const { what } of lost) assert.match(what, new RegExp(`to ${configurations[0]?.namespace}/`));
  });

  it("says which address is missing or wrong, and which server does not answer", async () => {
    const { exitCode, all } = await make("verify", "STACK=prod", "PROMETHEUS=localhost:9090");
    assert.notEqual(exitCode, 0);
    assert.match(all, /^PROMETHEUS is "localhost:9090"; allowed: .*make verify STACK=prod PROMETHEUS=http/m);
    const closed = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(
      serverFindings(api("Prometheus", closed), "31d"),
      /^Problem: Prometheus at http:\S+ does not answer .*ECONNREFUSED.*Fix: /,
    );
    const wrong = api("Prometheus", `http://${exporter.host}`);
    await assert.rejects(serverFindings(wrong, "31d"), /its answer is no JSON/);
  });
});

/** A sample of the metric, as a page of metrics has it. */
function sample({ metric, namespace }: ReturnType<typeof selectedBy>[number]): string {
  return `${metric}{namespace="${namespace ?? ""}"} 1`;
}

/** A group of these alerts, as kube-prometheus has them in many. */
function upstream(names: readonly string[]): RuleGroup {
  const rest = { expr: "vector(0) > 0", for: "1m", labels: { severity: "warning" as const } };
  const annotations = { summary: "", description: "", runbook_url: "" };
  return { name: "kube-prometheus", rules: names.map((alert) => ({ alert, ...rest, annotations })) };
}

function probe(name: string, urls: number): PreviewedResource {
  const statics = Array.from({ length: urls }, (_, index) => `https://shop.example.com/${index}`);
  return {
    type: "kubernetes:monitoring.coreos.com/v1:Probe",
    inputs: {
      metadata: { namespace: "shop", name: `shop-${name}` },
      spec: { jobName: `upkeep/shop/${name}`, targets: { staticConfig: { static: statics } } },
    },
  };
}

/** Waits for a scrape or an evaluation. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 200) throw new Error("it did not come to hold");
    await sleep(200);
  }
}
