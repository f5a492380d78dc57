import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { dashboard } from "../../../domain/dashboards/dashboard.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import { maintenanceWindow } from "../../../domain/declaration/window.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { inEnvironment } from "../../../domain/environment/inEnvironment.ts";
import { promqlError } from "../../../domain/values/promql.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { declaredServices } from "../../../services/index.ts";
import { environmentOf, withFeatures } from "../../support/environment.ts";
import { billing, shop, shopWith } from "../../support/shop.ts";
import { schemaErrors } from "./grafanaSchema.ts";
import { RECORD, recorded } from "./record.ts";

/** A panel as Grafana reads it. */
interface Read {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string }[];
  fieldConfig?: { defaults: { thresholds?: { steps: { value: number | null }[] } } };
  options?: { content?: string };
}

const prod = environmentOf("prod");

const panelsOf = (service: Service, environment: Environment = prod): Read[] =>
  JSON.parse(JSON.stringify(dashboard(service, environment))).panels;

const titles = (service: Service, environment?: Environment) =>
  panelsOf(service, environment).map(({ title }) => title);

/** The panels of every service that has a workload. */
const inNamespace = [
  ...["Use", "CPU of the largest pods", "CPU used and requested"],
  ...["Memory of the largest pods", "Memory used and requested"],
  ...["Volumes", "Claims", "Claims' growth a month", "Claims in 90d"],
];

const panel = (title: string, service: Service = shop): Read => {
  const found = panelsOf(service).find((one) => one.title === title);
  assert.ok(found, `no panel ${title}`);
  return found;
};

/** Each dashboard of the three stacks, by stack and service, and one of a cluster that recommends requests. */
const all = (
  await Promise.all(
    ["prod", "staging", "sandbox"].map(async (stack) => {
      const environment = environmentOf(stack);
      return [shop, billing, ...(await declaredServices())].map((declared) => {
        const service = inEnvironment(declared, environment);
        return { name: `${stack}/${service.name}`, service, environment };
      });
    }),
  )
)
  .flat()
  .concat({ name: "recommending/shop", service: shop, environment: withFeatures("vpa") });

describe("a service's dashboard", () => {
  it("has panels of requests and recommendations for each workload, where the cluster recommends any", () => {
    const found = (environment: Environment) =>
      titles(shop, environment).filter((title) => /^(CPU|Memory) of shop/.test(title));
    assert.deepEqual(found(withFeatures()), []);
    assert.deepEqual(found(withFeatures("vpa")), [
      ...["CPU of shop-web", "Memory of shop-web"],
      ...["CPU of shop-worker", "Memory of shop-worker"],
    ]);
  });

  it("is as test/domain/dashboards/shop.yaml has it: node test/domain/dashboards/write.ts writes it again", () => {
    assert.deepEqual(parse(recorded()), parse(readFileSync(RECORD, "utf8")));
  });

  it("is what Grafana's own schema allows, in all stacks", async function () {
    this.timeout("2m");
    const models = all.map(({ name, service, environment }) => [name, JSON.stringify(dashboard(service, environment))]);
    assert.deepEqual(await schemaErrors(Object.fromEntries(models)), []);
  });

  it("would be refused by that schema with an unknown field, a wrong value and a missing field", async function () {
    this.timeout("2m");
    const model = JSON.stringify(dashboard(billing, prod));
    const changed = (from: string, to: string) => {
      assert.ok(model.includes(from), from);
      return schemaErrors({ changed: model.replace(from, to) });
    };
    const [unknown, wrong, missing] = await Promise.all([
      changed('"showLegend"', '"showLegends"'),
      changed('"placement":"bottom"', '"placement":"nowhere"'),
      changed('"schemaVersion":42,', ""),
    ]);
    assert.match(unknown.join(), /'"showLegends"' does not exist/);
    assert.match(wrong.join(), /"nowhere"/);
    assert.match(missing.join(), /'schemaVersion' is missing/);
  });

  it("asks in PromQL that parses, in all stacks", () => {
    const queries = all.flatMap(({ service, environment }) =>
      panelsOf(service, environment).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    );
    assert.ok(queries.length > 300, String(queries.length));
    assert.deepEqual(
      queries.filter((expr) => promqlError(expr) !== undefined || expr.includes("$scope")),
      [],
    );
  });

  it("has panels with ids of their own, a title and a description, that do not overlap", () => {
    for (const { name, service, environment } of all) {
      const panels = panelsOf(service, environment);
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, name);
      const cells = new Set<string>();
      for (const { type, title, description, datasource, targets, gridPos } of panels) {
        assert.ok(title, name);
        assert.ok(gridPos.x + gridPos.w <= 24, `${name}: ${title}`);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            assert.ok(!cells.has(`${x} ${y}`), `${name}: ${title} lies on another panel`);
            cells.add(`${x} ${y}`);
          }
        }
        if (type === "row" || type === "text") continue;
        assert.ok(description, `${name}: ${title}`);
        assert.deepEqual(datasource, { type: "prometheus", uid: `\${datasource}` });
        const ids = (targets ?? []).map(({ refId }) => refId);
        assert.ok(ids.length > 0 && new Set(ids).size === ids.length, `${name}: ${title}`);
      }
    }
  });

  it("is read-only, in UTC, and has one variable, the Prometheus", () => {
    const { editable, timezone, templating, title, uid } = dashboard(shop, prod);
    assert.deepEqual([editable, timezone, title, uid], [false, "utc", "shop, prod", "shop_prod"]);
    assert.deepEqual(
      templating?.list?.map(({ name, type, query }) => [name, type, query]),
      [["datasource", "datasource", "prometheus"]],
    );
  });

  it("has all rows for a service that declares everything", () => {
    assert.deepEqual(titles(shop), [
      "Now",
      "Firing",
      "Until window weekly",
      "Objective",
      "Availability, 30d",
      "Error budget left, 30d",
      "Burn rate",
      "Requests",
      "Requests",
      "Errors",
      "Percentiles",
      "Endpoints",
      "Probes",
      "Probes' durations",
      "Certificates end in",
      "Backups",
      "Age of the newest backup",
      "Last drill",
      "Workloads",
      ...["Pods of shop-web", "CPU of shop-web", "Memory of shop-web"],
      ...["Pods of shop-worker", "CPU of shop-worker", "Memory of shop-worker"],
      ...inNamespace,
    ]);
  });

  it("has no row for what a service does not declare, nor for what nothing measures", () => {
    assert.deepEqual(titles(billing), [
      ...["Now", "Firing", "Endpoints", "Probes", "Probes' durations", "Certificates end in"],
      ...["Workloads", "Pods of billing", "CPU of billing", "Memory of billing"],
      ...inNamespace,
    ]);
    const nothing = shopWith({
      ...{ workloads: [], endpoints: [], datastores: [], backups: [], windows: [], indicators: {} },
      objectives: { recoveryPoint: guide("26h"), recoveryTime: guide("4h") },
    });
    assert.deepEqual(titles(nothing), ["Now", "Firing"]);
    // Without blackbox exporter nothing probes, so an availability of probes is not measured either.
    const unprobed = titles(shopWith({ indicators: {} }), environmentOf("sandbox"));
    assert.deepEqual(
      unprobed.filter((title) => ["Objective", "Requests", "Endpoints"].includes(title)),
      [],
    );
    const plain = shopWith({
      endpoints: shop.endpoints.map((one) => ({ ...one, urls: ["http://shop.shop.svc:3000"] })),
    });
    assert.ok(!titles(plain).includes("Certificates end in"));
    const undrilled = shopWith({ backups: shop.backups.map(({ drill: _, ...backup }) => backup) });
    assert.ok(titles(undrilled).includes("Age of the newest backup") && !titles(undrilled).includes("Last drill"));
  });

  it("draws what is promised as a line", () => {
    const lines = (title: string) =>
      panel(title)
        .fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value)
        .slice(1);
    assert.deepEqual(lines("Age of the newest backup"), [26 * 3600]);
    assert.deepEqual(lines("Last drill"), [4 * 3600]);
    assert.deepEqual(lines("Availability, 30d"), [0.999]);
    assert.deepEqual(lines("Error budget left, 30d"), [0, 0.25]);
    assert.deepEqual(lines("Burn rate"), [1, 3, 6, 14.4]);
    assert.deepEqual(lines("Errors"), [0.01]);
    assert.deepEqual(lines("Percentiles"), [1]);
    assert.deepEqual(lines("Certificates end in"), [7 * 86_400, 30 * 86_400]);
    assert.deepEqual(lines("Claims"), [0.85, 0.97]);
    assert.deepEqual(lines("Claims in 90d"), [0.85, 1]);
  });

  it("shows each promised percentile once, beside the usual ones", () => {
    const latency = [99.9, 95].map((percentile) => ({
      ...{ percentile, below: guide("1s" as const), for: guide("10m" as const), severity: "warning" as const },
    }));
    const of = shopWith({ objectives: { ...shop.objectives, latency } });
    assert.deepEqual(
      panel("Percentiles", of).targets?.map(({ expr }) => /quantile\(([\d.]+)/.exec(expr)?.[1]),
      ["0.5", "0.95", "0.99", "0.999"],
    );
  });

  it("says when a window opens whose zone Prometheus does not know", () => {
    const windows = [
      maintenanceWindow("berlin", {
        on: { first: "saturday" },
        at: guide("02:00"),
        lasts: guide("2h"),
        timeZone: "Europe/Berlin",
      }),
    ];
    const { type, options, targets } = panel("Window berlin", shopWith({ windows }));
    assert.equal(type, "text");
    assert.match(options?.content ?? "", /^The first Saturday of a month at 02:00 for 2h, Europe\/Berlin\./);
    assert.equal(targets, undefined);
  });

  it("has an objective of counted requests where nothing probes, and names a window of each day", () => {
    assert.ok(titles(shop, environmentOf("sandbox")).includes("Objective"));
    const windows = [maintenanceWindow("nightly", { on: { every: "day" }, at: guide("02:00"), lasts: guide("2h") })];
    assert.match(panel("Until window nightly", shopWith({ windows })).description ?? "", /^Every day at 02:00 for 2h/);
  });

  it("leads from each alert to its runbook", () => {
    assert.match(
      JSON.stringify(panel("Firing")),
      /"url":"https:\/\/upkeep\.example\.com\/runbooks\/\$\{__value\.text\}\.md"/,
    );
  });
});
