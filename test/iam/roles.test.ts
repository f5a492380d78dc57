import assert from "node:assert/strict";
import { cases } from "./cases.ts";
import { decide } from "./decide.ts";
import { type Policy, renderedPolicies } from "./rendered.ts";

describe("as IAM decides it", () => {
  let policies: Record<string, Policy>;
  before(async () => {
    policies = await renderedPolicies();
  });

  for (const one of cases) {
    const given = Object.entries(one.given).map(([key, value]) => `${key}=${value}`);
    const condition = given.length > 0 ? ` with ${given.join(", ")}` : "";
    it(`${one.who} ${one.may ? "may" : "may not"} ${one.action} on ${one.on}${condition}`, async () => {
      assert.equal(await decide(one, policies), one.may);
    });
  }
});
