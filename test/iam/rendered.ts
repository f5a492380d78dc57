import assert from "node:assert/strict";
import { MaintainedService } from "../../components/service.ts";
import { registered } from "../components/resources.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";

export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: unknown;
  Action: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface Policy {
  Version: string;
  Statement: Statement[];
}

/** Prod's account, and the second one that holds a copy where the environment declares it. */
export const ACCOUNT = "111111111111";
export const SECOND = "333333333333";
export const DEPLOY = `arn:aws:iam::${ACCOUNT}:role/upkeep-deploy`;
export const ISSUER = "cognito-identity.amazonaws.com";
export const BUCKET = `shop-backups-prod-${ACCOUNT}-eu-central-1`;
export const REPLICA = `shop-backups-prod-${SECOND}-eu-west-1`;
export const LOGS = `shop-logs-prod-${ACCOUNT}-eu-central-1`;

/** The keys' ARNs, which are not known before the keys exist. */
export const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/11111111-1111-1111-1111-111111111111`;
export const REPLICA_KEY = `arn:aws:kms:eu-west-1:${SECOND}:key/22222222-2222-2222-2222-222222222222`;
/** A key of the account that is not the bucket's. */
export const OTHER_KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/33333333-3333-3333-3333-333333333333`;

/** Each policy by what it is of, as the program renders it for the shop in prod with the second copy in a second account. */
export async function renderedPolicies(): Promise<Record<string, Policy>> {
  const backups = {
    ...(settingsOf("prod").backups as object),
    // Not EKS': the simulator passes on the claims of well-known issuers alone.
    identity: { oidcProvider: ISSUER },
    replica: { region: "eu-west-1", account: SECOND, profile: "second" },
  };
  const environment = environmentOf("prod", { backups });
  const resources = await registered(() => new MaintainedService(shop.name, { environment, service: shop }));
  const podIdentity = { ...backups, identity: { podIdentity: { cluster: "prod" } } };
  const withAgent = environmentOf("prod", { backups: podIdentity });
  const others = await registered(() => new MaintainedService(shop.name, { environment: withAgent, service: shop }));

  const rendered = (list: typeof resources, name: string, field: string): Policy => {
    const found = list.find((resource) => resource.name === name);
    assert.ok(found, `${name} is not declared`);
    const text = found.inputs[field] as string;
    assert.equal(typeof text, "string", `${name} has no ${field}`);
    return JSON.parse(
      text.replaceAll("arn:shop-backups-key", KEY).replaceAll("arn:shop-backups-replica-key", REPLICA_KEY),
    );
  };
  return {
    writer: rendered(resources, "shop-orders-writer-policy", "policy"),
    restorer: rendered(resources, "shop-orders-drill-restorer-policy", "policy"),
    monitor: rendered(resources, "shop-health-monitor-policy", "policy"),
    replication: rendered(resources, "shop-backups-replica-role-policy", "policy"),
    bucket: rendered(resources, "shop-backups-policy", "policy"),
    replica: rendered(resources, "shop-backups-replica-policy", "policy"),
    replicaKey: rendered(resources, "shop-backups-replica-key", "policy"),
    logs: rendered(resources, "shop-backups-logs-policy", "policy"),
    trust: rendered(resources, "shop-orders-writer", "assumeRolePolicy"),
    podTrust: rendered(others, "shop-orders-writer", "assumeRolePolicy"),
    replicationTrust: rendered(resources, "shop-backups-replica-role", "assumeRolePolicy"),
  };
}

/** AWS's own, of a key that declares none: the account's IAM rules it. */
export const defaultKeyPolicy: Policy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" }],
};

/** What an administrator's role has. */
export const everything: Policy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" }],
};
