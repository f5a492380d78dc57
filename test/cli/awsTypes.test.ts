import assert from "node:assert/strict";
import { UNKNOWN } from "../../standins/values.ts";
import { typeFaults } from "./awsTypes.ts";

const encryption = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const byDefault = (values: object) => ({ bucket: "b", rules: [{ applyServerSideEncryptionByDefault: values }] });

describe("the types of @pulumi/aws refuse, and name", function () {
  this.timeout("5m");
  const cases: Record<string, [type: string, inputs: Record<string, unknown>, fault?: RegExp]> = {
    "a missing property": ["kms/alias:Alias", { name: "alias/a" }, /'targetKeyId' is missing/],
    "a missing property further in": [encryption, byDefault({ kmsMasterKeyId: "k" }), /'sseAlgorithm' is missing/],
    "an unknown property": ["iam/role:Role", { assumeRolePolicy: "{}", roleName: "r" }, /'"roleName"' does not exist/],
    "an unknown property further in": [
      encryption,
      byDefault({ sseAlgorithm: "AES256", kmsMasterKeyID: "k" }),
      /'"kmsMasterKeyID"' does not exist/,
    ],
    "a text for a number": ["kms/key:Key", { deletionWindowInDays: "9" }, /'string' is not assignable to .*number/],
    "a value that is not in the enum": [
      "iam/role:Role",
      { assumeRolePolicy: { Version: "2012-10-18", Statement: [] } },
      /'string' is not assignable to .*PolicyDocumentVersion|"2012-10-18"/,
    ],
    "a resource that there is not": ["s3/bucketV9:BucketV9", {}, /Cannot find module/],
    "nothing of what is as declared": ["kms/alias:Alias", { name: "alias/a", targetKeyId: "k" }],
    "nothing of what is not known yet": [encryption, byDefault({ sseAlgorithm: UNKNOWN, kmsMasterKeyId: UNKNOWN })],
  };
  let faults: string[];
  before(async () => {
    const resources = Object.entries(cases).map(([name, [type, inputs]]) => ({ name, type: `aws:${type}`, inputs }));
    faults = await typeFaults(resources);
  });

  for (const [name, [, , fault]] of Object.entries(cases)) {
    it(name, () => {
      const own = faults.filter((line) => line.startsWith(`${name}: `));
      assert.equal(own.length, fault ? 1 : 0, own.join("\n"));
      if (fault) assert.match(own[0] ?? "", fault);
    });
  }
});
