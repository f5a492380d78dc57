import assert from "node:assert/strict";
import { settingsOf } from "../support/environment.ts";
import { resourcesOf } from "./ownServices.ts";
import { violations } from "./violations.ts";

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
      for (const type of ["kubernetes:batch/v1:CronJob", "aws:s3/bucket:Bucket", "upkeep:alerting:AlertRoutes"]) {
        assert.ok(types.has(type), `no ${type}: nothing is proven`);
      }
      assert.deepEqual(violations(resources), []);
    });
  }
});
