import assert from "node:assert/strict";
import { ServiceAlerts } from "../../components/alerting/serviceAlerts.ts";
import { ServiceObjectives } from "../../components/alerting/serviceObjectives.ts";
import { MaintainedService } from "../../components/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { declaredServices } from "../../services/index.ts";
import { registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { billing, shop } from "../support/shop.ts";
import { check } from "./promtool.ts";
import { ruleFiles } from "./rendered.ts";

/** Whatever services/ holds, and the services of the engine's tests. */
const services = [shop, billing, ...(await declaredServices())];

for (const stack of ["prod", "staging", "sandbox"]) {
  describe(`the rules of ${stack}`, () => {
    const environment = environmentOf(stack);
    for (const declared of services) {
      it(`are such that Prometheus loads ${declared.name}'s, and none is there twice`, async () => {
        const service = inEnvironment(declared, environment);
        const files = ruleFiles(await registered(() => new MaintainedService(service.name, { environment, service })));
        assert.ok(files[`${service.namespace}-${service.name}-alerts.yaml`]);
        const rules = Object.values(files).flatMap(({ groups }) => groups.flatMap((group) => group.rules));
        const found = [...(await check(files)).matchAll(/SUCCESS: (\d+) rules? found/g)].map(([, count]) =>
          Number(count),
        );
        assert.equal(
          found.reduce((sum, count) => sum + count, 0),
          rules.length,
        );
      });
    }
  });
}

describe("rule files where no prometheus-operator is", () => {
  it("are the same rules, in ConfigMaps", async () => {
    const withOperator = environmentOf("prod");
    const without = { ...withOperator, features: { ...withOperator.features, prometheusOperator: false } };
    const files = async (environment: typeof without) =>
      ruleFiles(
        await registered(() => {
          new ServiceAlerts(shop.name, { environment, service: shop });
          new ServiceObjectives(shop.name, { environment, service: shop });
        }),
      );
    assert.deepEqual(await files(without), await files(withOperator));
    await check(await files(without));
  });
});

describe("promtool", () => {
  it("refuses a rule that does not parse, and one that is there twice", async () => {
    const rule = { alert: "ServiceDown", expr: "up == 0", labels: { severity: "critical" } };
    const file = (...rules: unknown[]) => ({ "rules.yaml": { groups: [{ name: "own", rules }] } });
    await assert.rejects(check(file({ ...rule, expr: "up = 0" })), /parse error/);
    await assert.rejects(check(file(rule, rule)), /1 duplicate rule/);
    assert.match(await check(file(rule)), /SUCCESS: 1 rules found/);
  });
});
