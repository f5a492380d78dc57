import assert from "node:assert/strict";
import {
  bucketName,
  bucketNameFaults,
  existingBucketFaults,
  logBucketName,
  partitionFaults,
  replicaFaults,
  replicaName,
  replicaPlace,
} from "../../../domain/bucket/bucket.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { shop, shopWith } from "../../support/shop.ts";

const prod = environmentOf("prod");

/** Prod with a second copy there, or with none. */
function copying(replica: Environment["backups"]["replica"]): Environment {
  const { replica: _, ...backups } = prod.backups;
  return { ...prod, backups: { ...backups, ...(replica && { replica }) } };
}

describe("a bucket's name", () => {
  const place = { account: "222222222222", region: "eu-west-1" };

  it("says what it holds, whose, and where it is", () => {
    assert.equal(bucketName("shop", prod), "shop-backups-prod-111111111111-eu-central-1");
    assert.equal(replicaName("shop", prod, place), "shop-backups-prod-222222222222-eu-west-1");
    assert.equal(logBucketName("shop", prod, place), "shop-logs-prod-222222222222-eu-west-1");
  });

  it("has 63 characters at the most, of the first copy and of the second", () => {
    const faults = (length: number, environment: Environment) =>
      bucketNameFaults(shopWith({ name: "s".repeat(length) }), environment);
    const tooLong = [["bucket-name-too-long", "name"]];
    const longest = 63 - "-backups-prod-111111111111-eu-central-1".length;
    const alone = copying(undefined);
    assert.deepEqual(faults(longest, alone), []);
    assert.deepEqual(refused(faults(longest + 1, alone)), tooLong);
    assert.match(faults(longest + 1, alone)[0]?.got ?? "", /-backups-prod-111111111111-eu-central-1: 64 characters$/);
    const farther = copying({ region: "eu-central-11" });
    assert.deepEqual(faults(longest - 1, farther), []);
    assert.deepEqual(refused(faults(longest, farther)), tooLong);
    assert.match(faults(longest, farther)[0]?.got ?? "", /-eu-central-11: 64 characters$/);
  });

  it("may be of any length where a service has no datastore, and so no bucket", () =>
    assert.deepEqual(bucketNameFaults(shopWith({ name: "s".repeat(64), datastores: [] }), prod), []));
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

  it("may be missing, in another region, and in another account that a profile reaches", () => {
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
    const faults = replicaFaults(copying({ region: "eu-central-1", account: "222222222222" }));
    assert.deepEqual(refused(faults), [["replica-in-same-region", "upkeep:backups.replica in Pulumi.prod.yaml"]]);
  });

  it("is refused in another partition", () => {
    const faults = replicaFaults(copying({ region: "us-gov-west-1" }));
    assert.deepEqual(refused(faults), [["replica-in-other-partition", "upkeep:backups.replica in Pulumi.prod.yaml"]]);
    const china = { ...copying({ region: "cn-northwest-1" }), aws: { ...prod.aws, region: "cn-north-1" } };
    assert.deepEqual(replicaFaults(china), []);
  });

  it("is refused in another account that no profile reaches", () => {
    const faults = replicaFaults(copying({ region: "eu-west-1", account: "222222222222" }));
    assert.deepEqual(refused(faults), [["replica-without-profile", "upkeep:backups.replica in Pulumi.prod.yaml"]]);
  });
});

describe("a bucket that exists already", () => {
  const { replica: _, ...backups } = prod.backups;
  const acme = { name: "acme-backups" };
  const environment = { ...prod, backups: { ...backups, buckets: { shop: acme, store: acme } } };
  const place = "upkeep:backups.buckets in Pulumi.prod.yaml";
  const service = (name: string, ...prefixes: string[]) => ({
    name,
    backups: prefixes.map((prefix) => ({ ...(shop.backups[0] as Backup), prefix })),
  });

  it("has its own name, of any length that S3 takes, for its service alone", () => {
    assert.equal(bucketName("shop", environment), "acme-backups");
    assert.equal(bucketName("billing", environment), "billing-backups-prod-111111111111-eu-central-1");
    const long = "a".repeat(63);
    const longest = { ...environment, backups: { ...backups, buckets: { [long]: acme } } };
    assert.deepEqual(bucketNameFaults({ ...shop, name: long }, longest), []);
  });

  it("holds the backups of several services under prefixes that do not contain each other", () => {
    const faults = (...services: ReturnType<typeof service>[]) => refused(existingBucketFaults(environment, services));
    assert.deepEqual(faults(service("shop", "shop/a/", "shop/b/"), service("store", "store/")), []);
    assert.deepEqual(faults(service("shop", "a/"), service("store", "a/")), [["bucket-place-shared", place]]);
    assert.deepEqual(faults(service("shop", "a/"), service("store", "a/b/")), [["bucket-place-shared", place]]);
    assert.deepEqual(faults(service("shop", "a/b/"), service("store", "a/")), [["bucket-place-shared", place]]);
    const [one, other] = [service("billing", "a/"), service("shop", "a/")];
    assert.deepEqual(faults(one, other, service("store", "b/")), []);
  });

  it("is refused of a service that nobody declares", () =>
    assert.deepEqual(refused(existingBucketFaults(environment, [service("shop", "a/")])), [
      ["bucket-of-unknown-service", place],
    ]));
});

describe("the ARNs of an environment", () => {
  const at = (key: string) => `upkeep:${key} in Pulumi.prod.yaml`;
  const faults = (region: string, iam?: Environment["aws"]["iam"], deployRole?: string) => {
    const { deployRole: _, ...backups } = prod.backups;
    return partitionFaults({
      ...prod,
      aws: { ...prod.aws, region, ...(iam && { iam }) },
      backups: { ...backups, ...(deployRole && { deployRole }) },
    });
  };
  const role = "arn:aws:iam::111111111111:role/a";
  const permissionsBoundary = "arn:aws-cn:iam::111111111111:policy/a";

  it("may be missing, and are else of the partition of its region", () => {
    assert.deepEqual(faults("cn-north-1"), []);
    assert.deepEqual(faults("eu-central-1", { path: "/a/" }, role), []);
    assert.deepEqual(faults("cn-north-1", { permissionsBoundary }), []);
  });

  it("are each refused of another partition", () => {
    assert.deepEqual(refused(faults("us-gov-west-1", { permissionsBoundary }, role)), [
      ["arn-of-other-partition", at("aws.iam.permissionsBoundary")],
      ["arn-of-other-partition", at("backups.deployRole")],
    ]);
  });
});
