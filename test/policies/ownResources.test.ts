import assert from "node:assert/strict";
import { MaintainedService } from "../../components/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { type Registered, registered } from "../components/resources.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";
import { billing, shop } from "../support/shop.ts";
import { violations } from "./violations.ts";

/** All that two services are made of, which have each kind of datastore between them. */
function resourcesOf(stack: string, changes: Record<string, unknown> = {}): Promise<Registered[]> {
  const environment = environmentOf(stack, changes);
  return registered(() => {
    for (const service of [shop, billing]) {
      new MaintainedService(service.name, { environment, service: inEnvironment(service, environment) });
    }
  });
}

const withoutOperator = () => ({
  features: { ...(settingsOf("prod").features as object), prometheusOperator: false },
});

describe("the policies", () => {
  for (const [stack, what, changes] of [
    ["prod", "prod", {}],
    ["staging", "staging", {}],
    ["sandbox", "the sandbox", {}],
    ["prod", "a cluster without prometheus-operator", withoutOperator()],
  ] as const) {
    it(`find nothing to refuse in ${what}`, async () => {
      const resources = await resourcesOf(stack, changes);
      const types = new Set(resources.map(({ type }) => type));
      for (const type of ["kubernetes:batch/v1:CronJob", "aws:s3/bucket:Bucket", "upkeep:index:MaintainedService"]) {
        assert.ok(types.has(type), `no ${type}: nothing is proven`);
      }
      assert.deepEqual(violations(resources), []);
    });
  }
});
