import assert from "node:assert/strict";
import { faultMessage } from "../../domain/values/fault.ts";
import { cronjobHardened } from "../../policies/cronjob-hardened.ts";
import { definePolicy } from "../../policies/definePolicy.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { isUnjudged, judge } from "./judge.ts";
import { compliantCronJob } from "./manifests.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const POD = "kubernetes:core/v1:Pod";

/** A policy with the given rule. */
function policyOf(faults: Parameters<typeof definePolicy>[0]["faults"]) {
  return definePolicy({ name: "a-policy", description: "Because.", severity: "high", types: [CRONJOB], faults });
}

const fault = { code: "wrong", path: "spec.a", got: "1", allowed: "2", fix: "write 2" };

describe("a policy", () => {
  it("says which object, made by which component, and has four parts: what, why, how to fix, where to read more", () => {
    const [verdict] = judge(
      policyOf(() => [fault]),
      CRONJOB,
      compliantCronJob(),
    );
    assert.equal(
      verdict?.message,
      [
        `a-policy: CronJob shop/orders-backup (in orders): ${faultMessage(fault)}`,
        "Why: Because.",
        "More: docs/policies/a-policy.md",
      ].join("\n"),
    );
  });

  it("turns an error in its rule into one violation that names it, and still reports what other checks found", () => {
    const broken = policyOf((_, guard) => [
      ...guard(() => {
        throw new TypeError("cannot read the password hunter2");
      }),
      ...guard(() => [fault]),
    ]);
    const verdicts = judge(broken, CRONJOB, compliantCronJob());
    assert.equal(verdicts.length, 2);
    assert.equal(verdicts[0]?.fault, fault);
    assert.match(verdicts[1]?.message ?? "", /^a-policy: .*\bTypeError\b.*\btest\/policies\/definePolicy/);
    assert.ok(!verdicts[1]?.message.includes("hunter2"), "an error's text may hold a value");
    assert.equal(verdicts[1]?.enforcementLevel, undefined, "the policy's own level, which is mandatory");
  });

  it("is not undone by a value of the wrong shape", () => {
    for (const spec of [
      "text",
      7,
      [],
      { jobTemplate: "text" },
      { jobTemplate: { spec: { template: { spec: [] } } } },
    ]) {
      for (const policy of [cronjobHardened, imagePinned]) {
        assert.doesNotThrow(() => judge(policy, CRONJOB, { spec }));
      }
    }
    const containers = { spec: { containers: "text" } };
    assert.ok(
      judge(imagePinned, POD, containers).every((one) => one.fault?.code === "missing-image" || isUnjudged(one)),
    );
    assert.ok(judge(imagePinned, POD, containers).length > 0);
  });

  it("keeps its messages within 600 characters, however long the names are", () => {
    const long = { ...fault, path: `spec.${"a".repeat(1000)}` };
    const [verdict] = judge(
      policyOf(() => [long]),
      CRONJOB,
      compliantCronJob(),
    );
    assert.equal(verdict?.message.length, 600);
    assert.match(verdict?.message ?? "", /\nMore: docs/);
  });

  it("judges no resource of another type", () => {
    assert.deepEqual(
      judge(
        policyOf(() => [fault]),
        POD,
        compliantCronJob(),
      ),
      [],
    );
  });

  it("is read by the SDK for its own kind only, where it has a single one", () => {
    assert.equal((cronjobHardened.validateResource as { __pulumiType?: string }).__pulumiType, CRONJOB);
    assert.equal((imagePinned.validateResource as { __pulumiType?: string }).__pulumiType, undefined);
  });

  it("judges all types that begin as one of its own does, where that ends with a star", () => {
    const policy = definePolicy({
      name: "a",
      description: "b",
      severity: "low",
      types: ["kubernetes:*"],
      faults: () => [fault],
    });
    assert.equal(judge(policy, POD, {}).length, 1);
    assert.equal(judge(policy, "kubernetes:batch/v1:Job", {}).length, 1);
    assert.deepEqual(judge(policy, "aws:s3/bucket:Bucket", {}), []);
    assert.equal((policy.validateResource as { __pulumiType?: string }).__pulumiType, undefined);
  });
});
