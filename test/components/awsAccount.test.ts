import assert from "node:assert/strict";
import { environmentProviders, replicaProvider } from "../../components/providers.ts";
import { MaintainedService } from "../../components/service.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

const account = "111111111111";
const second = "333333333333";

const known = new Map<string, Promise<Registered[]>>();

/** The shop in a region, with a second copy in another account. Made once for all tests that ask for the same. */
function inRegion(...place: Parameters<typeof made>): Promise<Registered[]> {
  const key = JSON.stringify(place);
  const resources = known.get(key) ?? made(...place);
  known.set(key, resources);
  return resources;
}

function made(region: string, replica: string, aws: object = {}, identity: object = {}): Promise<Registered[]> {
  const { deployRole: _, ...backups } = settingsOf("prod").backups as Record<string, unknown>;
  const environment = environmentOf("prod", {
    aws: { account, region, ...aws },
    backups: {
      ...backups,
      identity: { oidcProvider: "oidc.example.com/id/A" },
      ...identity,
      replica: { region: replica, account: second, profile: "second" },
    },
  });
  return registered(() => new MaintainedService(shop.name, { environment, service: shop }));
}

const textOf = (resources: Registered[]) => JSON.stringify(resources.map(({ inputs }) => inputs));
const ofType = (resources: Registered[], type: string) => resources.filter((one) => one.type === type);
const ROLE = "aws:iam/role:Role";

describe("everything in an AWS account", () => {
  for (const [region, replica, partition, domain] of [
    ["us-gov-west-1", "us-gov-east-1", "aws-us-gov", "amazonaws.com"],
    ["cn-north-1", "cn-northwest-1", "aws-cn", "amazonaws.com.cn"],
    ["eusc-de-east-1", "eusc-de-west-1", "aws-eusc", "amazonaws.eu"],
    ["eu-central-1", "eu-west-1", "aws", "amazonaws.com"],
  ] as const) {
    it(`has ARNs of its region's partition: ${partition}`, async () => {
      for (const identity of [{}, { identity: { podIdentity: { cluster: "production" } } }]) {
        const text = textOf(await inRegion(region, replica, {}, identity));
        const arns = [...text.matchAll(/arn:(aws[\w-]*):(\w+)/g)];
        assert.deepEqual([...new Set(arns.map(([, found]) => found))], [partition]);
        assert.deepEqual(
          ["s3", "iam", "eks"].filter((service) => !arns.some(([, , found]) => found === service)),
          "identity" in identity ? [] : ["eks"],
        );
      }
    });

    it(`names who calls KMS, and for whom a token is, as ${partition} does`, async () => {
      const text = textOf(await inRegion(region, replica)).replaceAll("\\", "");
      const names = (start: string) =>
        domain === "amazonaws.com" ? `"${start}.amazonaws.com"` : `["${start}.amazonaws.com","${start}.${domain}"]`;
      for (const start of ["s3.*", `s3.${region}`, `s3.${replica}`]) {
        assert.ok(text.includes(`"kms:ViaService":${names(start)}`), start);
      }
      assert.ok(text.includes(`"oidc.example.com/id/A:aud":${names("sts")}`));
      // Principals have the same name everywhere.
      assert.ok(text.includes('{"Service":"s3.amazonaws.com"}'));
      assert.ok(text.includes('{"Service":"logging.s3.amazonaws.com"}'));
    });
  }

  it("that is a role has the account's path and permissions boundary, and what names it has the path", async () => {
    const permissionsBoundary = `arn:aws:iam::${account}:policy/teams/boundary`;
    const resources = await inRegion("eu-central-1", "eu-west-1", { iam: { path: "/upkeep/", permissionsBoundary } });
    const roles = ofType(resources, ROLE);
    assert.ok(roles.length > 8, `${roles.length} roles`);
    for (const { inputs, name } of roles) {
      assert.deepEqual([inputs.path, inputs.permissionsBoundary], ["/upkeep/", permissionsBoundary], name);
    }
    const [named, ...more] = new Set(
      [...textOf(resources).matchAll(/arn:aws:iam::\d{12}:role([^"\\]+)/g)].map(([, one]) => one),
    );
    assert.match(named ?? "", /^\/upkeep\/shop-backups-replication-prod-[0-9a-f]{8}$/);
    assert.deepEqual(more, []);
    const plain = ofType(await inRegion("eu-central-1", "eu-west-1"), ROLE);
    assert.ok(plain.every(({ inputs }) => !("path" in inputs) && !("permissionsBoundary" in inputs)));
  });

  it("of a service whose bucket exists already is the roles of its jobs, which use that bucket and its key", async () => {
    const key = `arn:aws:kms:eu-central-1:${account}:key/0123`;
    const backups = { ...(settingsOf("prod").backups as object), buckets: { shop: { name: "acme-backups", key } } };
    const environment = environmentOf("prod", { backups });
    const declared = (retired: boolean) =>
      registered(() => new MaintainedService(shop.name, { environment, service: shop, retired }));
    const resources = await declared(false);
    const types = [...new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")))];
    assert.deepEqual(types.sort(), [ROLE, "aws:iam/rolePolicy:RolePolicy"]);
    assert.equal(resources.filter(({ protect }) => protect).length, 0);
    const text = textOf(resources);
    assert.ok(!text.includes("shop-backups-prod"), "a derived name is left");
    const policies = ofType(resources, "aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => String(inputs.policy));
    assert.ok(policies.length > 8);
    for (const policy of policies) assert.match(policy, /"arn:aws:s3:::acme-backups/);
    assert.equal(
      policies.filter((policy) => policy.includes(key)).length,
      policies.length - 1,
      "all but the monitor's",
    );
    assert.ok(text.includes('{"name":"BUCKET","value":"acme-backups"}'));
    assert.deepEqual(ofType(await declared(true), ROLE), []);
  });

  it("has the account's tags, by its provider's defaults, in the second account too", async () => {
    const tags = { "cost-center": "1234", team: "shop" };
    const environment = environmentOf("prod", {
      aws: { account, region: "eu-central-1", tags },
      backups: {
        ...(settingsOf("prod").backups as object),
        replica: { region: "eu-west-1", account: second, profile: "second" },
      },
    });
    const providers = ofType(
      await registered(() => {
        environmentProviders(environment);
        replicaProvider(environment);
      }),
      "pulumi:providers:aws",
    );
    assert.deepEqual(
      providers.map(({ name, inputs }) => [name, JSON.parse(inputs.defaultTags as string)]),
      ["account", "replica-account"].map((name) => [name, { tags }]),
    );
  });
});
