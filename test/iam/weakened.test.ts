import assert from "node:assert/strict";
import { cases } from "./cases.ts";
import { decide, decidedBy } from "./decide.ts";
import { type Policy, renderedPolicies } from "./rendered.ts";
import { weakened } from "./weaken.ts";

const names = [
  "writer",
  "restorer",
  "monitor",
  "replication",
  "bucket",
  "replica",
  "replicaKey",
  "logs",
  "trust",
  "podTrust",
  "replicationTrust",
];

/** No other action of S3 has the key that the statement's condition asks for: with all of them it says the same. */
const saysTheSame: Record<string, string[]> = {
  writer: ["statement 1 with s3:*", "statement 3 with s3:*"],
  restorer: ["statement 2 with s3:*"],
};

describe("a case turns red when one thing is taken from, or added to, the policy of", () => {
  let policies: Record<string, Policy>;
  before(async () => {
    policies = await renderedPolicies();
  });

  it("everything that is rendered", () => {
    assert.deepEqual(Object.keys(policies).toSorted(), names.toSorted());
  });

  for (const name of names) {
    it(`the ${name}`, async function () {
      this.timeout("60s");
      const survivors: string[] = [];
      const edits = weakened(policies[name] as Policy);
      assert.ok(edits.length > 0);
      const concerned = cases.filter((one) => decidedBy(one).includes(name));
      for (const { what, policy } of edits) {
        const changed = { ...policies, [name]: policy };
        let noticed = false;
        for (const one of concerned) {
          if ((await decide(one, changed)) === one.may) continue;
          noticed = true;
          break;
        }
        if (!noticed) survivors.push(what);
      }
      assert.deepEqual(survivors, saysTheSame[name] ?? []);
    });
  }
});
