import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { clone } from "../../cli/common/paths.ts";
import { faultMessage } from "../../domain/values/fault.ts";
import { cronjobEndsAndStarts } from "../../policies/cronjob-ends-and-starts.ts";
import { definePolicy } from "../../policies/definePolicy.ts";
import { drillDeclared } from "../../policies/drill-declared.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { podRestricted } from "../../policies/pod-restricted.ts";
import { faultsOf, found, isUnjudged, judge, UNKNOWN } from "./judge.ts";
import { compliantCronJob } from "./manifests.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const POD = "kubernetes:core/v1:Pod";

/** A policy with the given rule. */
function policyOf(faults: Parameters<typeof definePolicy>[0]["faults"], blocks: "all" | "ours" = "all") {
  return definePolicy({
    name: "a-policy",
    description: "Because.",
    severity: "high",
    blocks,
    types: [CRONJOB],
    faults,
  });
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
        `More: ${pathToFileURL(join(clone, "docs/policies/a-policy.md"))}`,
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
    assert.deepEqual(verdicts[0]?.faults, [fault]);
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
      for (const policy of [cronjobEndsAndStarts, imagePinned, podRestricted]) {
        const verdicts = judge(policy, CRONJOB, { spec });
        assert.deepEqual(verdicts.filter(isUnjudged), [], "a person's slip is no bug");
      }
    }
  });

  it("does not take a text apart where a list belongs", () => {
    const containers = { spec: { containers: "text".repeat(500) } };
    assert.deepEqual(found(imagePinned, POD, containers), [["value-misshapen", "spec.containers"]]);
  });

  it("reports at most 200 faults of a resource, however many elements a list has", () => {
    const containers = Array.from({ length: 5000 }, (_, index) => ({ name: `c${index}` }));
    assert.equal(faultsOf(imagePinned, POD, { spec: { containers } }).length, 200);
  });

  it("stops at 200 faults, in the middle of a list and within one check", () => {
    let made = 0;
    const many = policyOf((_, attempt) =>
      Array.from({ length: 1000 }, () =>
        attempt(() => {
          made += 1;
          return [{ ...fault }];
        }),
      ).flat(),
    );
    assert.equal(faultsOf(many, CRONJOB, {}).length, 200);
    assert.equal(made, 200);
    const atOnce = policyOf(() => Array.from({ length: 300 }, () => ({ ...fault })));
    assert.equal(faultsOf(atOnce, CRONJOB, {}).length, 200);
  });

  it("shows no word with digits where a word of an enumeration belongs", () => {
    const said = (got: string) =>
      judge(
        policyOf(() => [{ ...fault, got }]),
        CRONJOB,
        {},
      )[0]?.message ?? "";
    for (const word of ['"hunter2hunter2"', '"Abc-1234"']) assert.ok(!said(word).includes(word), word);
    for (const word of ['"Allow"', '"RuntimeDefault"', '"86400000"', '"128Mi"', '"redis:8.2"'])
      assert.ok(said(word).includes(word), word);
  });

  it("says all faults of a resource in one message, of which it lists twelve", () => {
    const faults = Array.from({ length: 15 }, (_, index) => ({ ...fault, path: `spec.a${index}` }));
    const [verdict, ...rest] = judge(
      policyOf(() => faults),
      CRONJOB,
      compliantCronJob(),
    );
    assert.deepEqual(rest, []);
    assert.deepEqual(verdict?.faults, faults);
    const lines = verdict?.message.split("\n") ?? [];
    assert.equal(lines[0], "a-policy: CronJob shop/orders-backup (in orders):");
    assert.deepEqual(
      lines.slice(1, 13),
      faults.slice(0, 12).map((one) => `- ${faultMessage(one)}`),
    );
    assert.equal(lines[13], "- and 3 more");
    assert.equal(lines.filter((line) => line.startsWith("Why: ")).length, 1);
  });

  it("keeps each line within 400 characters, however long the names are", () => {
    const long = { ...fault, path: `spec.${"a".repeat(1000)}` };
    const [verdict] = judge(
      policyOf(() => [long, fault]),
      CRONJOB,
      compliantCronJob(),
    );
    assert.equal(verdict?.message.split("\n")[1]?.length, 402);
    assert.match(verdict?.message ?? "", /\nMore: file:/);
  });

  it("names a page that exists", () => {
    const [verdict] = judge(imagePinned, POD, { spec: { containers: [{ name: "app" }] } });
    const page = /\nMore: (\S+)$/.exec(verdict?.message ?? "")?.[1] ?? "";
    assert.ok(existsSync(new URL(page)), page);
  });

  it("blocks for all resources, or for ours alone: a component's, or one with a label of ours", () => {
    const labelled = { metadata: { labels: { "upkeep/rules": "own" } } };
    const level = (blocks: "all" | "ours", props: object, whose: "ours" | "anyone") =>
      judge(
        policyOf(() => [fault], blocks),
        CRONJOB,
        props,
        whose,
      )[0]?.enforcementLevel;
    assert.equal(level("all", {}, "anyone"), undefined);
    assert.equal(level("ours", {}, "ours"), undefined);
    assert.equal(level("ours", labelled, "anyone"), undefined);
    assert.equal(level("ours", { tags: { "upkeep/rules": "own" } }, "anyone"), undefined, "in AWS");
    assert.equal(level("ours", { items: [{}, labelled] }, "anyone"), undefined, "one in a List");
    for (const props of [
      {},
      { metadata: UNKNOWN },
      { metadata: { labels: "upkeep/rules" } },
      { metadata: null },
      { items: UNKNOWN, tags: UNKNOWN },
    ]) {
      assert.equal(level("ours", props, "anyone"), "advisory");
    }
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
    const { validateResource } = drillDeclared;
    assert.equal((validateResource as { __pulumiType?: string }).__pulumiType, "upkeep:index:MaintainedService");
    assert.equal((imagePinned.validateResource as { __pulumiType?: string }).__pulumiType, undefined);
  });

  it("judges all types that begin as one of its own does, where that ends with a star", () => {
    const policy = definePolicy({
      name: "a",
      description: "b",
      severity: "low",
      blocks: "all",
      types: ["kubernetes:*"],
      faults: () => [fault],
    });
    assert.equal(judge(policy, POD, {}).length, 1);
    assert.equal(judge(policy, "kubernetes:batch/v1:Job", {}).length, 1);
    assert.deepEqual(judge(policy, "aws:s3/bucket:Bucket", {}), []);
    assert.equal((policy.validateResource as { __pulumiType?: string }).__pulumiType, undefined);
  });
});
