import assert from "node:assert/strict";
import { parse } from "yaml";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { MaintenanceWindow } from "../../components/alerting/maintenanceWindow.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { placed } from "../../domain/environment/placed.ts";
import { environmentOf } from "../support/environment.ts";
import { routed } from "../support/routed.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

/** What a component registers beside itself and the stack. */
async function children(declare: () => void): Promise<Registered[]> {
  const found = await registered(declare);
  return found.filter(({ type }) => type.startsWith("kubernetes:"));
}

/** The refusal of a component, and what was registered all the same. */
async function refused(declare: () => void): Promise<{ message: string; left: string[] }> {
  let message = "";
  const left = await registered(() => {
    try {
      declare();
    } catch (error) {
      message = (error as Error).message;
    }
  });
  return { message, left: left.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack") };
}

const at = (environment: Environment) => routed.map((service) => placed(service, environment));

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
    assert.equal(configuration.route.routes.length, 1 + routed.length);
    assert.equal(configuration.time_intervals.length, 4);
  });

  it("of a shared Alertmanager are an AlertmanagerConfig for each service, in its namespace there", async () => {
    const environment = environmentOf("staging");
    const found = await children(() => new AlertRoutes("routes", { environment, services: at(environment) }));
    assert.deepEqual(
      found.map(({ type, inputs: { metadata } }) => {
        const { name, namespace, labels } = metadata as Fields;
        return [type, namespace, name, labels["app.kubernetes.io/part-of"]].join(" ");
      }),
      [
        "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig mplp-staging mplp-routes mplp",
        "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig task-mcp-staging task-mcp-routes task-mcp",
        "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig tapio-staging tapio-routes tapio",
      ],
    );
  });

  it("are refused before any resource is registered", async () => {
    const environment = environmentOf("prod");
    const services = routed.map((service) => ({ ...service, notify: { critical: [], warning: [], info: [] } }));
    const { message, left } = await refused(() => new AlertRoutes("routes", { environment, services }));
    assert.match(message, /^the alert routes of environment "prod" cannot be deployed:\n- mplp\.notify\.critical is /);
    assert.deepEqual(left, []);
  });
});

describe("a maintenance window's component", () => {
  const [, taskMcp] = routed as [Service, Service];
  const [window] = taskMcp.windows as [Service["windows"][0]];
  const inBerlin = { ...window, timeZone: "Europe/Berlin" };

  it("is a rule that fires while the window is open, and that nobody is told of", async () => {
    const environment = environmentOf("staging");
    const [service] = at(environment).filter(({ name }) => name === "task-mcp") as [Service];
    const found = await children(() => new MaintenanceWindow("task-mcp-weekly", { environment, service, window }));
    assert.equal(found.length, 1);
    const { metadata, spec } = (found[0] as Registered).inputs as Fields;
    assert.equal(metadata.name, "task-mcp-weekly-window");
    assert.equal(metadata.namespace, "task-mcp-staging");
    assert.equal(metadata.labels.release, "kube-prometheus-stack");
    assert.deepEqual(spec.groups, [
      {
        name: "task-mcp-weekly-window",
        rules: [
          {
            alert: "MaintenanceWindow",
            expr: "vector(1) and on () (day_of_week() == 0 and hour() >= 2 and hour() < 4)",
            for: "0s",
            labels: {
              severity: "none",
              service: "task-mcp",
              namespace: "task-mcp-staging",
              environment: "staging",
              window: "weekly",
            },
            annotations: {
              summary: "task-mcp is in its maintenance window weekly",
              description:
                "Until the window closes, nobody is told of warnings of task-mcp; critical alerts are sent as always.",
              runbook_url: "https://upkeep.example.com/runbooks/MaintenanceWindow.md",
            },
          },
        ],
      },
    ]);
  });

  it("has no rule in another zone than UTC, where the routes alone can mute", async () => {
    const environment = environmentOf("prod");
    const declare = () => new MaintenanceWindow("task-mcp-weekly", { environment, service: taskMcp, window: inBerlin });
    assert.deepEqual(await children(declare), []);
  });

  it("is refused in another zone than UTC where the Alertmanager is shared, before any resource is registered", async () => {
    const environment = environmentOf("staging");
    const { message, left } = await refused(
      () => new MaintenanceWindow("task-mcp-weekly", { environment, service: taskMcp, window: inBerlin }),
    );
    assert.equal(
      message,
      `maintenance window "weekly" of service "task-mcp" cannot be deployed:
- window.timeZone is "Europe/Berlin"; allowed: Etc/UTC where upkeep:alerting.owner is shared: an AlertmanagerConfig has no location, so its mute times are in UTC. Fix: declare the window in UTC, or set upkeep:alerting.owner to upkeep`,
    );
    assert.deepEqual(left, []);
  });
});
