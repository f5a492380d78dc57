import assert from "node:assert/strict";
import { samePolicy } from "../../aws/policy.ts";

describe("Two policy documents", () => {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: ["s3:GetObject", "s3:ListBucket"],
    Resource: "arn:aws:s3:::b",
    Condition: { Bool: { "aws:SecureTransport": "true" } },
  };
  const document = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

  for (const [what, change] of Object.entries({
    "another order of actions": { Action: statement.Action.toReversed() },
    "a list of one resource": { Resource: [statement.Resource] },
    "everyone as a star": { Principal: "*" },
    "a condition's value that is no text": { Condition: { Bool: { "aws:SecureTransport": true } } },
  })) {
    it(`are the same with ${what}`, () => {
      assert.ok(samePolicy(document(statement), document({ ...statement, ...change })));
    });
  }

  it("are the same with another order of statements and keys", () => {
    const other = { Resource: "arn:aws:s3:::c", Action: "s3:*", Effect: "Deny", Principal: "*" };
    const reversed = Object.fromEntries(Object.entries(statement).reverse());
    assert.ok(samePolicy(document(statement, other), document(other, reversed)));
  });

  for (const [what, change] of Object.entries({
    "another effect": { Effect: "Deny" },
    "one action fewer": { Action: ["s3:GetObject"] },
    "another resource": { Resource: "arn:aws:s3:::c" },
    "no condition": { Condition: undefined },
  })) {
    it(`are not the same with ${what}`, () => {
      assert.ok(!samePolicy(document(statement), document({ ...statement, ...change })));
    });
  }

  it("are not the same when one is not JSON, or not known yet", () => {
    assert.ok(!samePolicy("{", "{"));
  });
});
