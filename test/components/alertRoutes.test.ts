import assert from "node:assert/strict";
import { parse } from "yaml";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { MaintenanceWindow } from "../../components/alerting/maintenanceWindow.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { environmentOf } from "../support/environment.ts";
import { refused } from "../support/refused.ts";
import { billing, keeping, shop } from "../support/shop.ts";
import { refusal } from "./refusal.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

/** What a component registers beside itself and the stack. */
async function children(declare: () => void): Promise<Registered[]> {
  const found = await registered(declare);
  return found.filter(({ type }) => type.startsWith("kubernetes:"));
}

const services = [shop, billing];
const at = (environment: Environment) => services.map((service) => inEnvironment(service, environment));
const staging = environmentOf("staging", { differs: { namespaces: { shop: "shop-staging" } } });

describe("alert routes", () => {
  it("of an Alertmanager of our own are its whole configuration, in one Secret", async () => {
    const environment = environmentOf("prod");
    const found = await children(() => new AlertRoutes("routes", { environment, services: at(environment) }));
    assert.deepEqual(
      found.map(({ type }) => type),
      ["kubernetes:core/v1:Secret"],
    );
    const { metadata, stringData } = (found[0] as Registered).inputs as Fields;
    assert.equal(metadata.name, "alertmanager-upkeep");
    assert.equal(metadata.namespace, "monitoring");
    // Pulumi marks what a Secret holds; the text is inside.
    const configuration = parse((stringData.value ?? stringData)["alertmanager.yaml"]);
    assert.equal(configuration.route.receiver, "fallback");
    assert.equal(
      configuration.route.routes.length,
      3 + services.length,
      "the dead man's switch, severity none, each service and the platform",
    );
    assert.equal(configuration.time_intervals.length, 1);
  });

  it("of a shared Alertmanager are an AlertmanagerConfig for each namespace of a service's alerts", async () => {
    const [ledger] = keeping(shop, "orders").datastores as [Service["datastores"][0]];
    const elsewhere = { ...billing, backups: [], datastores: [{ ...ledger, namespace: "database" }] };
    const there = [shop, elsewhere].map((service) => inEnvironment(service, staging));
    const found = await children(() => new AlertRoutes("routes", { environment: staging, services: there }));
    assert.deepEqual(
      found
        .map(({ type, inputs: { metadata } }) => {
          const { name, namespace, labels } = metadata as Fields;
          return [type, namespace, name, labels["app.kubernetes.io/part-of"]].join(" ");
        })
        .sort(),
      [
        "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig billing billing-routes billing",
        "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig database billing-routes billing",
        "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig monitoring upkeep-routes upkeep",
        "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig shop-staging shop-routes shop",
      ],
    );
  });

  it("of a shared Alertmanager have the labels by which it selects, and Upkeep's own whatever those are", async () => {
    const selected = { alertmanager: "main", "app.kubernetes.io/managed-by": "somebody" };
    const monitoring = { ...staging.monitoring, alertmanagerConfigLabels: selected };
    const environment = { ...staging, monitoring };
    const services = [inEnvironment(shop, staging)];
    const found = await children(() => new AlertRoutes("routes", { environment, services }));
    assert.ok(found.length > 1);
    for (const { name, inputs } of found) {
      const { labels } = inputs.metadata as Fields;
      assert.deepEqual([labels.alertmanager, labels["app.kubernetes.io/managed-by"]], ["main", "upkeep"], name);
    }
  });

  it("are refused before any resource is registered", async () => {
    const prod = environmentOf("prod");
    const { pagerduty: _, ...silent } = prod.alerting.receivers.default ?? {};
    const environment = { ...prod, alerting: { ...prod.alerting, receivers: { default: silent } } };
    const { faults, made } = await refusal(() => new AlertRoutes("routes", { environment, services }));
    const path = "upkeep:alerting.receivers.default in Pulumi.prod.yaml";
    assert.deepEqual(refused(faults), [
      ["critical-without-pager", path],
      ["critical-without-pager", path],
    ]);
    assert.deepEqual(made, []);
  });
});

describe("a maintenance window's component", () => {
  const [window] = shop.windows as [Service["windows"][0]];
  const inBerlin = { ...window, timeZone: "Europe/Berlin" };

  it("is a rule that fires while the window is open and notifies no one", async () => {
    const [service] = at(staging) as [Service];
    const found = await children(() => new MaintenanceWindow("shop-weekly", { environment: staging, service, window }));
    assert.equal(found.length, 1);
    const { metadata, spec } = (found[0] as Registered).inputs as Fields;
    assert.equal(metadata.name, "shop-weekly-window");
    assert.equal(metadata.namespace, "shop-staging");
    assert.equal(metadata.labels.release, "kube-prometheus-stack");
    assert.deepEqual(spec.groups, [
      {
        name: "shop-weekly-window",
        rules: [
          {
            alert: "MaintenanceWindow",
            expr: "vector(1) and on () (day_of_week() == 0 and hour() >= 2 and hour() < 4)",
            for: "0s",
            labels: {
              severity: "none",
              service: "shop",
              namespace: "shop-staging",
              environment: "staging",
              window: "weekly",
            },
            annotations: {
              summary: "shop is in its maintenance window weekly",
              description:
                "Until the window closes, no one is notified of warnings of shop; critical alerts are sent as always.",
              runbook_url: "https://upkeep.example.com/runbooks/MaintenanceWindow.md",
              dashboard_url: "https://grafana.staging.example.com/d/shop_staging",
            },
          },
        ],
      },
    ]);
  });

  it("has no rule in another zone than UTC, where the routes alone can mute", async () => {
    const environment = environmentOf("prod");
    const declare = () => new MaintenanceWindow("shop-weekly", { environment, service: shop, window: inBerlin });
    assert.deepEqual(await children(declare), []);
  });

  it("is refused in another zone than UTC where the Alertmanager is shared, before any resource is registered", async () => {
    const environment = environmentOf("staging");
    const { faults, made } = await refusal(
      () => new MaintenanceWindow("shop-weekly", { environment, service: shop, window: inBerlin }),
    );
    assert.deepEqual(
      faults.map(({ path }) => path),
      ["window.timeZone"],
    );
    assert.deepEqual(made, []);
  });
});
