import assert from "node:assert/strict";
import type { AwsRequest } from "../../aws/request.ts";
import { type Properties, UNKNOWN } from "../../values.ts";
import { requestsOf } from "./requests.ts";
import { judge } from "./serviceModel.ts";

const role = { RoleName: "backup", AssumeRolePolicyDocument: "{}" };
const versioning = (Status: unknown) => ({ Bucket: "backups", VersioningConfiguration: { Status } });

describe("AWS's model of", () => {
  const refused: [what: string, call: `${AwsRequest["service"]} ${string}`, input: object, fault: string][] = [
    [
      "a name of 65 characters",
      "iam CreateRole",
      { ...role, RoleName: "r".repeat(65) },
      "/RoleName must NOT have more than 64 characters",
    ],
    [
      "a string that is too short",
      "iam CreateRole",
      { ...role, PermissionsBoundary: "admin" },
      "/PermissionsBoundary must NOT have fewer than 20 characters",
    ],
    [
      "a name that only begins as it must",
      "iam CreateRole",
      { ...role, RoleName: "a/b" },
      "/RoleName must match pattern",
    ],
    [
      "a dash in a description",
      "iam CreateRole",
      { ...role, Description: "ours — not theirs" },
      "/Description must match pattern",
    ],
    [
      "a missing member",
      "iam CreateRole",
      { RoleName: "backup" },
      "the request must have required property 'AssumeRolePolicyDocument'",
    ],
    [
      "an undefined member",
      "iam CreateRole",
      { ...role, RoleName: undefined },
      "the request must have required property 'RoleName'",
    ],
    [
      "a missing member of an element",
      "iam CreateRole",
      { ...role, Tags: [{ Key: "by" }] },
      "/Tags/0 must have required property 'Value'",
    ],
    [
      "more elements than allowed",
      "iam CreateRole",
      { ...role, Tags: Array(51).fill({ Key: "a", Value: "b" }) },
      "/Tags must NOT have more than 50 items",
    ],
    [
      "a number below the least",
      "iam CreateRole",
      { ...role, MaxSessionDuration: 60 },
      "/MaxSessionDuration must be >= 3600; got 60",
    ],
    ["an unknown member", "iam CreateRole", { ...role, Region: "eu-west-1" }, "the request has no member Region"],
    [
      "an unknown member further in",
      "s3 PutBucketVersioning",
      { Bucket: "b", VersioningConfiguration: { status: "Enabled" } },
      "/VersioningConfiguration has no member status",
    ],
    [
      "a value that is not in the enum",
      "s3 PutBucketVersioning",
      versioning("enabled"),
      "/VersioningConfiguration/Status must be equal to one of the allowed values: Enabled, Suspended",
    ],
    [
      "another type",
      "kms CreateKey",
      { BypassPolicyLockoutSafetyCheck: "yes" },
      "/BypassPolicyLockoutSafetyCheck must be boolean",
    ],
    ["input where there is none", "sts GetCallerIdentity", { Account: "1" }, "the request has no member Account"],
    ["bytes, which no request has", "kms Decrypt", { CiphertextBlob: "AAAA" }, "/CiphertextBlob must NOT be valid"],
    ["an operation that it does not have", "s3 PutBucket", { Bucket: "b" }, "there is no such operation"],
  ];
  for (const [what, call, input, fault] of refused) {
    const [service, operation] = call.split(" ") as [AwsRequest["service"], string];
    it(`${service} refuses ${what}, and says only that`, () => {
      const faults = judge({ service, operation, input });
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.ok(faults[0]?.startsWith(`${call}: ${fault}`), faults[0]);
    });
  }

  it("any service accepts what is as it must be, and what is not known yet", () => {
    const tags = [{ Key: "made by", Value: "upkeep/ünü_1" }];
    const accepted: AwsRequest[] = [
      { service: "iam", operation: "CreateRole", input: { ...role, Tags: tags, PermissionsBoundary: undefined } },
      { service: "s3", operation: "PutBucketVersioning", input: versioning("Enabled") },
      { service: "s3", operation: "PutBucketVersioning", input: versioning(UNKNOWN) },
      { service: "sts", operation: "GetCallerIdentity", input: {} },
    ];
    assert.deepEqual(accepted.flatMap(judge), []);
  });

  // What these types are made by is never sent to a server of the sandbox, and no stack's preview has all of their arguments.
  const previewed: Record<string, Properties> = {
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {
      bucket: "backups",
      region: "eu-central-1",
      role: "arn:aws:iam::111111111111:role/replication",
      rules: [
        {
          id: "everything",
          status: "Enabled",
          priority: 1,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: "arn:aws:s3:::copies",
            account: "333333333333",
            accessControlTranslation: { owner: "Destination" },
            encryptionConfiguration: { replicaKmsKeyId: "arn:aws:kms:eu-west-1:333333333333:key/1" },
          },
        },
      ],
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
      clusterName: "prod",
      region: "eu-central-1",
      namespace: "shop",
      serviceAccount: "backup",
      roleArn: "arn:aws:iam::111111111111:role/backup",
    },
  };
  for (const [type, inputs] of Object.entries(previewed)) {
    it(`the service accepts what makes an ${type}`, async () => {
      const requests = await requestsOf(type, inputs);
      assert.equal(requests.length, 1);
      assert.deepEqual(requests.flatMap(judge), []);
    });
  }

  it("no service is asked to make a type that the stand-in does not have", async () => {
    await assert.rejects(
      requestsOf("aws:sqs/queue:Queue", {}),
      /the stand-in has no requests for aws:sqs\/queue:Queue/,
    );
  });
});
