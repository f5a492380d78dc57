import assert from "node:assert/strict";
import fc from "fast-check";
import { inOldOrder, join, split } from "../../aws/s3/lifecycle.ts";
import type { Rule } from "../../aws/s3/lifecycle-rule.ts";
import { fromApi, toApi } from "../../aws/spelling.ts";

/** Like what programs give: fast-check's own objects may have no prototype. */
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { noNullPrototype: true });

const days = fc.integer({ min: 1, max: 1000 });
const actions = fc.record(
  {
    expiration: plain({ days }),
    noncurrentVersionExpiration: plain({ noncurrentDays: days }),
    abortIncompleteMultipartUpload: plain({ daysAfterInitiation: days }),
    transitions: fc.tuple(plain({ days, storageClass: fc.constant("GLACIER") })),
    noncurrentVersionTransitions: fc.tuple(plain({ noncurrentDays: days, storageClass: fc.constant("GLACIER") })),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const filter = fc.oneof(
  plain({ prefix: fc.string() }),
  plain({ and: plain({ prefix: fc.string(), tags: fc.constant({ "Mixed-Case key": "Value" }) }) }),
);
const rule = plain({ id: fc.uuid(), status: fc.constantFrom("Enabled", "Disabled"), filter, actions })
  .filter((drawn) => Object.keys(drawn.actions).length > 0)
  .map(({ actions, ...rest }) => ({ ...rest, ...actions }) as Rule);
const someRules = fc.uniqueArray(rule, { minLength: 1, maxLength: 5, selector: ({ id }) => id });

describe("A lifecycle split between the server that enforces and the record of settings", () => {
  it("is whole again when both halves are read", () => {
    fc.assert(
      fc.property(someRules, (rules) => {
        const { enforced, recorded } = split(rules);
        assert.deepEqual(inOldOrder(rules, join(enforced, recorded)), rules);
      }),
    );
  });

  it("asks the server for no transition and for no rule that does nothing", () => {
    fc.assert(
      fc.property(someRules, (rules) => {
        for (const { id, status, filter, ...rest } of split(rules).enforced) {
          assert.ok(Object.keys(rest).length > 0);
          assert.ok(!("transitions" in rest) && !("noncurrentVersionTransitions" in rest));
        }
      }),
    );
  });

  it("shows what the server has where the halves disagree", () => {
    const enforced = { id: "a", status: "Disabled", filter: { prefix: "x/" }, expiration: { days: 3 } } as Rule;
    const transitions = [{ days: 1, storageClass: "GLACIER" }];
    const recorded = { id: "a", status: "Enabled", filter: { prefix: "y/" }, transitions } as Rule;
    assert.deepEqual(join([enforced], [recorded]), [{ ...enforced, transitions }]);
  });

  it("survives the API's spelling, tags included", () => {
    fc.assert(fc.property(someRules, (rules) => assert.deepEqual(fromApi(toApi(rules)), rules)));
  });
});
