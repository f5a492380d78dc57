import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { clone } from "../../cli/common/paths.ts";
import { faultMessage } from "../../domain/values/fault.ts";
import { defineStackPolicy, type StackDefinition } from "../../policies/defineStackPolicy.ts";
import { BUCKET } from "./buckets.ts";
import { judgeStack, type StackResource, UNKNOWN, unknownIn } from "./judge.ts";

/** A stack policy about buckets with the given rule. */
function policyOf(faults: StackDefinition["faults"]) {
  return defineStackPolicy({
    name: "a-policy",
    description: "Because.",
    severity: "high",
    blocks: "all",
    types: [BUCKET],
    faults,
  });
}

const fault = { code: "wrong", path: "a", got: "1", allowed: "2", fix: "write 2" };

const stack: StackResource[] = [
  { type: "upkeep:backup:BackupBucket", name: "orders", props: {} },
  { type: BUCKET, name: "first", props: { bucket: "a" }, parent: "orders" },
  { type: BUCKET, name: "second", props: { bucket: UNKNOWN } },
];

describe("a stack policy", () => {
  it("says which resource, made by which component, and has four parts, as any policy has", () => {
    const [verdict] = judgeStack(
      policyOf(() => () => [fault]),
      stack,
    );
    assert.equal(verdict?.urn, `urn:pulumi:prod::shop::upkeep:backup:BackupBucket$${BUCKET}::first`);
    assert.equal(
      verdict?.message,
      [
        `a-policy: Bucket first (in orders): ${faultMessage(fault)}`,
        "Why: Because.",
        `More: ${pathToFileURL(join(clone, "docs/policies/a-policy.md"))}`,
      ].join("\n"),
    );
  });

  it("blocks by default", () => {
    assert.equal(policyOf(() => () => []).enforcementLevel, "mandatory");
  });

  it("judges each resource of its types, and sees all of the stack", () => {
    const seen: string[] = [];
    const policy = policyOf((all) => {
      assert.equal(all.length, stack.length);
      return ({ name }) => {
        seen.push(name);
        return [];
      };
    });
    assert.deepEqual(judgeStack(policy, stack), []);
    assert.deepEqual(seen, ["first", "second"]);
  });

  it("names in an advisory line what is not known yet, and still reports what other checks found", () => {
    const policy = policyOf(() => ({ props }, guard) => [
      ...guard(() => (props.bucket === "a" ? [] : [fault])),
      ...guard(() => [fault]),
    ]);
    const verdicts = judgeStack(policy, stack);
    assert.deepEqual(
      verdicts.map(({ urn, enforcementLevel }) => [urn.split("::").at(-1), enforcementLevel]),
      [
        ["first", undefined],
        ["second", undefined],
        ["second", "advisory"],
      ],
    );
    assert.deepEqual(unknownIn(verdicts), ["bucket"]);
  });

  it("turns an error into one violation for each resource, without the error's text", () => {
    const failing = () => {
      throw new TypeError("cannot read the password hunter2");
    };
    for (const policy of [policyOf(failing), policyOf(() => failing)]) {
      const verdicts = judgeStack(policy, stack);
      assert.equal(verdicts.length, 2);
      for (const { message, enforcementLevel } of verdicts) {
        assert.match(message, /^a-policy: Bucket \w+.*\bTypeError\b.*\btest\/policies\/defineStackPolicy/);
        assert.ok(!message.includes("hunter2"), "an error's text may hold a value");
        assert.equal(enforcementLevel, undefined, "the policy's own level, which is mandatory");
      }
    }
  });
});
