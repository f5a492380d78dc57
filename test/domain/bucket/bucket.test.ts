import assert from "node:assert/strict";
import {
  bucketName,
  bucketNameFaults,
  logBucketName,
  replicaFaults,
  replicaName,
  replicaPlace,
} from "../../../domain/bucket/bucket.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { database } from "../../support/database.ts";
import { environmentOf } from "../../support/environment.ts";

const prod = environmentOf("prod");

/** Prod with a second copy there, or with none. */
function copying(replica: Environment["backups"]["replica"]): Environment {
  const { replica: _, ...backups } = prod.backups;
  return { ...prod, backups: { ...backups, ...(replica && { replica }) } };
}

describe("a bucket's name", () => {
  const place = { account: "222222222222", region: "eu-west-1" };

  it("says what it holds, whose, and where it is", () => {
    assert.equal(bucketName("mplp", prod), "mplp-backups-prod-111111111111-eu-central-1");
    assert.equal(replicaName("mplp", prod, place), "mplp-backups-prod-222222222222-eu-west-1");
    assert.equal(logBucketName("mplp", prod, place), "mplp-logs-prod-222222222222-eu-west-1");
  });

  it("has 63 characters at the most, of the first copy and of the second", () => {
    const named = (length: number) => ({ ...database, name: "s".repeat(length) });
    const expected = (length: number, where: string) => ({
      path: "name",
      got: `"${"s".repeat(length)}", of which the bucket would be ${"s".repeat(length)}-backups-prod-${where}: 64 characters`,
      allowed: "63 characters or fewer, which is what S3 takes",
      fix: "shorten the service's name or the stack's",
    });
    const longest = 63 - "-backups-prod-111111111111-eu-central-1".length;
    const alone = copying(undefined);
    assert.deepEqual(bucketNameFaults(named(longest), alone), []);
    assert.deepEqual(bucketNameFaults(named(longest + 1), alone), [expected(longest + 1, "111111111111-eu-central-1")]);
    const farther = copying({ region: "eu-central-11" });
    assert.deepEqual(bucketNameFaults(named(longest - 1), farther), []);
    assert.deepEqual(bucketNameFaults(named(longest), farther), [expected(longest, "111111111111-eu-central-11")]);
  });

  it("may be of any length where a service has no datastore, and so no bucket", () =>
    assert.deepEqual(bucketNameFaults({ ...database, name: "s".repeat(64), datastores: [] }, prod), []));
});

describe("the place of the second copy", () => {
  it("is another region of the same account where no other is named", () => {
    assert.equal(replicaPlace(copying(undefined)), undefined);
    assert.deepEqual(replicaPlace(copying({ region: "eu-west-1" })), { account: "111111111111", region: "eu-west-1" });
    assert.deepEqual(replicaPlace(copying({ region: "eu-west-1", account: "222222222222", profile: "second" })), {
      account: "222222222222",
      region: "eu-west-1",
    });
  });

  it("may be left out, in another region, and in another account that a profile reaches", () => {
    for (const replica of [
      undefined,
      { region: "eu-west-1" },
      { region: "eu-west-1", account: "111111111111" },
      { region: "eu-west-1", account: "222222222222", profile: "second" },
    ]) {
      assert.deepEqual(replicaFaults(copying(replica)), []);
    }
  });

  it("is refused in the region of the first", () => {
    assert.deepEqual(replicaFaults(copying({ region: "eu-central-1", account: "222222222222" })), [
      {
        path: "upkeep:backups.replica in Pulumi.prod.yaml",
        got: "in eu-central-1, where the backups are",
        allowed: "another region: what takes one region away must not take both copies",
        fix: "pulumi config set --path upkeep:backups.replica.region <another> --stack prod",
      },
    ]);
  });

  it("is refused in another account that no profile reaches", () => {
    assert.deepEqual(replicaFaults(copying({ region: "eu-west-1", account: "222222222222" })), [
      {
        path: "upkeep:backups.replica in Pulumi.prod.yaml",
        got: "in a second account, without a profile",
        allowed: "a profile of the AWS configuration by which Pulumi reaches that account",
        fix: "pulumi config set --path upkeep:backups.replica.profile <profile> --stack prod",
      },
    ]);
  });
});
