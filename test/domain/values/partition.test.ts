import assert from "node:assert/strict";
import { inPartition, partitionOf, partitionOfArn } from "../../../domain/values/partition.ts";

describe("the partition of a region of AWS", () => {
  it("is known by how the region's name begins", () => {
    for (const [region, name, domain] of [
      ["eu-central-1", "aws", "amazonaws.com"],
      ["us-east-1", "aws", "amazonaws.com"],
      ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
      ["cn-northwest-1", "aws-cn", "amazonaws.com.cn"],
      ["eusc-de-east-1", "aws-eusc", "amazonaws.eu"],
    ] as const) {
      assert.deepEqual(partitionOf(region), { name, domain });
    }
  });

  it("is the second part of an ARN", () => {
    assert.equal(partitionOfArn("arn:aws-cn:iam::111111111111:role/a"), "aws-cn");
    assert.equal(partitionOfArn("arn"), "");
  });
});

describe("a policy in a partition", () => {
  const policy = JSON.stringify({
    Principal: { Service: "s3.amazonaws.com", AWS: "arn:aws:iam::111111111111:root" },
    Resource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
    Condition: { StringLike: { "kms:ViaService": "s3.*.amazonaws.com", "a:aud": "sts.amazonaws.com" } },
  });

  it("is as it was written in the commercial one", () => assert.equal(inPartition(policy, "eu-west-1"), policy));

  it("has its ARNs", () =>
    assert.equal(inPartition(policy, "us-gov-west-1"), policy.replaceAll("arn:aws:", "arn:aws-us-gov:")));

  it("names callers and audiences by its own domain too, and principals as everywhere", () => {
    const { Principal, Condition } = JSON.parse(inPartition(policy, "cn-north-1"));
    assert.deepEqual(Principal, { Service: "s3.amazonaws.com", AWS: "arn:aws-cn:iam::111111111111:root" });
    assert.deepEqual(Condition.StringLike, {
      "kms:ViaService": ["s3.*.amazonaws.com", "s3.*.amazonaws.com.cn"],
      "a:aud": ["sts.amazonaws.com", "sts.amazonaws.com.cn"],
    });
  });
});
