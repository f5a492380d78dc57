import assert from "node:assert/strict";
import { violationChanges } from "../../cli/diff/violations.ts";
import { exemptMessage, loweredMessage, violationMessage } from "../../policies/message.ts";

const policy = { name: "image-pinned", description: "what runs is what was reviewed" };
const job = { type: "kubernetes:batch/v1:CronJob", name: "a-job", props: {}, opts: {} } as never;
const fault = { code: "image-tag-moves", path: "image", got: "redis:8", allowed: "a tag", fix: "name it" };
const exemption = { reason: "it moves", owner: "shop", ticket: "SHOP-1", until: "2026-12-11" } as never;

/** A policy's line, as the pack of a checkout in `folder` prints it. */
function found(message: string, folder: string, level: "mandatory" | "advisory" = "advisory") {
  const elsewhere = message.replace(/file:.*\/docs\//, `file:///${folder}/docs/`);
  assert.notEqual(elsewhere, message);
  return { policy: "image-pinned", level, resource: "urn:pulumi:prod::shop::a-job", message: elsewhere };
}

const violated = violationMessage(policy, job, [fault]);
const exempt = (daysLeft: number) => exemptMessage(policy, job, [fault], exemption, daysLeft);

describe("the violations of a change", () => {
  it("are as before where the base has the same, wherever it was checked out", () => {
    const { violations, resolved } = violationChanges(
      [found(violated, "tmp/base")],
      [found(violated, "work/here", "mandatory")],
    );
    assert.deepEqual([violations.map(({ isNew }) => isNew), resolved], [[false], 0]);
  });

  it("are as before where an exemption only has fewer days left", () => {
    const { violations, resolved } = violationChanges([found(exempt(10), "tmp/base")], [found(exempt(1), "work/here")]);
    assert.deepEqual([violations.map(({ isNew }) => isNew), resolved], [[false], 0]);
  });

  it("are new where their text differs, and the base's are then resolved", () => {
    const other = violationMessage(policy, job, [{ ...fault, got: "redis:9" }]);
    const { violations, resolved } = violationChanges([found(violated, "tmp/base")], [found(other, "tmp/base")]);
    assert.deepEqual([violations.map(({ isNew }) => isNew), resolved], [[true], 1]);
  });

  it("resolve nothing by that the base's policies were made to advise", () => {
    const reason = "what the base violates ends no preview";
    const lowered = { name: "all", to: "advisory", reason, until: "2026-12-02", daysLeft: 1 } as never;
    assert.deepEqual(violationChanges([found(loweredMessage(policy, lowered), "tmp/base")], []), {
      violations: [],
      resolved: 0,
    });
  });

  it("come with the new ones first, and of each the mandatory ones", () => {
    const old = found(violated, "tmp/base", "mandatory");
    const news = (["advisory", "mandatory"] as const).map((level) =>
      found(violationMessage(policy, job, [{ ...fault, path: level }]), "here", level),
    );
    const { violations } = violationChanges([old], [old, ...news]);
    assert.deepEqual(
      violations.map(({ isNew, level }) => `${isNew} ${level}`),
      ["true mandatory", "true advisory", "false mandatory"],
    );
  });
});
