import assert from "node:assert/strict";
import { parse } from "yaml";
import { LogAlerts } from "../../components/alerting/logAlerts.ts";
import { logAlert } from "../../domain/declaration/declaration.ts";
import { declarationFaults } from "../../domain/declarationFaults.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { environmentOf } from "../support/environment.ts";
import { logged } from "../support/ownAlert.ts";
import { refusal, refused } from "../support/refused.ts";
import { shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

const service = { ...shop, logAlerts: [logAlert("LogErrorsHigh", logged)] };
const environment = environmentOf("prod");
const { loki: _, ...features } = environment.features;
const without: Environment = { ...environment, features };

describe("a service's alerts on its logs", () => {
  it("are a rule file that the sidecar of Loki's ruler selects", async () => {
    const resources = await registered(() => new LogAlerts("log-alerts", { environment, service }));
    const { metadata, data } = (resources[1] as Registered).inputs as {
      metadata: { namespace: string; labels: Record<string, string> };
      data: Record<string, string>;
    };
    assert.deepEqual([metadata.namespace, metadata.labels.loki_rule], ["shop", ""]);
    const [group] = parse(data["shop-log-alerts.yaml"] as string).groups;
    const [rule] = group.rules;
    assert.equal(rule.expr, 'sum(count_over_time({namespace="shop"} |= "error" [15m])) > 10');
    assert.deepEqual([rule.alert, rule.for, rule.labels.service], ["LogErrorsHigh", "15m", "shop"]);
  });

  it("are refused in an environment without Loki, before anything exists", async () => {
    assert.deepEqual(
      declarationFaults(service, without).map(({ code }) => code),
      ["missing-feature"],
    );
    const found = await registered(() => {
      const faults = refusal(() => new LogAlerts("log-alerts", { environment: without, service }));
      assert.deepEqual(refused(faults), [["missing-feature", "upkeep:features.loki in Pulumi.prod.yaml"]]);
    });
    assert.deepEqual(found, []);
  });

  it("are refused if they are not LogQL, or ask of every namespace", () => {
    for (const expr of ["sum(count_over_time({$scope} |~ [5m])) > 1", 'sum(count_over_time({app="a"}[5m])) > 1']) {
      const broken = { ...shop, logAlerts: [logAlert("LogErrorsHigh", { ...logged, expr })] };
      assert.deepEqual(
        declarationFaults(broken, environment).map(({ path }) => path),
        ["logAlerts[0].expr"],
      );
    }
  });
});
