import assert from "node:assert/strict";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { MaintainedService } from "../../components/service.ts";
import { enabledServices } from "../../domain/environment/enabled.ts";
import { placed } from "../../domain/environment/placed.ts";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { bucketHardened } from "../../policies/bucket-hardened.ts";
import { cronjobHardened } from "../../policies/cronjob-hardened.ts";
import { datastoreCovered } from "../../policies/datastore-covered.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { noInlineSecret } from "../../policies/no-inline-secret.ts";
import { recoveryPointKept } from "../../policies/recovery-point-kept.ts";
import { declaredServices } from "../../services/index.ts";
import { type Registered, registered } from "../components/resources.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";
import { judge, judgeStack } from "./judge.ts";

const policies: ResourceValidationPolicy[] = [
  alertWellFormed,
  cronjobHardened,
  datastoreCovered,
  imagePinned,
  noInlineSecret,
  recoveryPointKept,
];

/** All that a stack's services are made of. */
async function resourcesOf(stack: string, changes: Record<string, unknown> = {}): Promise<Registered[]> {
  const environment = environmentOf(stack, changes);
  const declared = await declaredServices();
  return registered(() => {
    for (const service of enabledServices(declared, environment.services)) {
      new MaintainedService(service.name, { environment, service: placed(service, environment) });
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
      const verdicts = resources.flatMap(({ type, inputs }) =>
        policies.flatMap((policy) => judge(policy, type, inputs).map(({ message }) => message)),
      );
      assert.deepEqual(verdicts, []);
      assert.deepEqual(
        judgeStack(
          bucketHardened,
          resources.map(({ type, name, inputs }) => ({ type, name, props: inputs })),
        ),
        [],
      );
    });
  }
});
