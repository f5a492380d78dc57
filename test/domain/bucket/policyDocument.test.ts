import assert from "node:assert/strict";
import { policyDocument } from "../../../domain/bucket/policyDocument.ts";

describe("a policy", () => {
  it("is JSON of IAM's current version, with the statements in their order", () => {
    assert.equal(
      policyDocument([
        { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" },
        { Effect: "Allow", Action: ["sts:AssumeRole"] },
      ]),
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":["sts:AssumeRole"]}]}',
    );
  });
});
