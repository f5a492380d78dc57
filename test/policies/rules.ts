import assert from "node:assert/strict";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { stringify } from "yaml";
import { found } from "./judge.ts";
import { set } from "./set.ts";

export const PROMETHEUS_RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** A fresh group of an alert and a recording rule that nothing is wrong with. */
export function groups() {
  const annotations = {
    summary: "orders-backup has not succeeded for more than 25h 15m",
    description: "The last successful run is {{ $value | humanizeDuration }} ago.",
    runbook_url: "https://upkeep.example.com/runbooks/MaintenanceJobStale.md",
  };
  const labels = { severity: "critical", service: "shop", namespace: "shop" };
  return [
    {
      name: "orders",
      rules: [
        { alert: "MaintenanceJobStale", expr: "time() - last > 90900", for: "5m", labels, annotations },
        { record: "namespace:http_requests:rate5m", expr: "sum by (namespace) (rate(http_requests_total[5m]))" },
      ],
    },
  ];
}

export const groupsWith = (path: string, value: unknown) => set(groups(), path, value);
export const rule = (list: unknown) => ({ metadata: { namespace: "shop", name: "orders" }, spec: { groups: list } });
export const file = (list: unknown) => ({ data: { "orders.yaml": stringify({ groups: list }) } });

export const ALERT = "0.rules.0";
export const ALERT_NAMED = "groups[0].rules[MaintenanceJobStale]";
export const RECORD_NAMED = "groups[0].rules[namespace:http_requests:rate5m]";

/** Where the fault is put and as what, undefined removing; and the fault that is found. */
export type Mutation = [refuses: string, path: string, value: unknown, code: string, names: string];

/** Tests that a policy refuses each mistake in a PrometheusRule and in a rule file, and where it says that it is. */
export function refusesEach(policy: ResourceValidationPolicy, mutations: readonly Mutation[]): void {
  for (const [refuses, path, value, code, names] of mutations) {
    it(`refuses ${refuses}, in both`, () => {
      const list = groupsWith(path, value);
      const written = (faults: ReturnType<typeof found>) => faults.map((fault) => fault.join(" at "));
      const inRule = written(found(policy, PROMETHEUS_RULE, rule(list)));
      assert.ok(inRule.includes(`${code} at spec.${names}`), inRule.join("\n"));
      const inFile = written(found(policy, CONFIG_MAP, file(list)));
      assert.ok(inFile.includes(`${code} at data["orders.yaml"].${names}`), inFile.join("\n"));
    });
  }
}
