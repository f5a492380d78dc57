import assert from "node:assert/strict";
import type { Environment } from "../../domain/environment/environment.ts";
import type { RuleGroup } from "../../domain/prometheus/rules.ts";
import type { Registered } from "./resources.ts";

const grafana = "https://grafana.example.com";

/** The environment, with a Grafana that alerts link to. */
export function withGrafana<E extends Pick<Environment, "monitoring">>(environment: E): E {
  return { ...environment, monitoring: { ...environment.monitoring, grafana } };
}

/** Asserts that each alert of the services' rules links to its own service's dashboard. */
export function assertLinked(resources: readonly Registered[], services: readonly string[]): void {
  const rules = resources
    .filter(({ type }) => type.endsWith(":PrometheusRule"))
    .flatMap(({ inputs }) => (inputs.spec as { groups: RuleGroup[] }).groups.flatMap((group) => group.rules))
    .filter((rule) => "alert" in rule);
  for (const service of services) {
    const own = rules.filter(({ labels }) => labels.service === service);
    assert.ok(own.some(({ alert }) => alert === "MaintenanceJobStale"));
    const model = resources.find(({ name }) => name === `${service}-dashboard-model`);
    assert.ok(model);
    const { uid } = JSON.parse((model.inputs.data as Record<string, string>)[`${service}.json`] as string);
    for (const { alert, annotations } of own) {
      assert.equal(annotations.dashboard_url, `${grafana}/d/${uid}`, `${service} ${alert}`);
    }
  }
}
