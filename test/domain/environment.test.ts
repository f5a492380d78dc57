import assert from "node:assert/strict";
import { parseEnvironment } from "../../domain/environment.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";

const prod = settingsOf("prod");

function refusal(changes: Record<string, unknown>): string {
  try {
    parseEnvironment("prod", { ...prod, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("an environment", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`is read from Pulumi.${stack}.yaml`, () => assert.equal(environmentOf(stack).name, stack));
  }

  it("names a missing key and the command that sets it", () => {
    assert.equal(
      refusal({ aws: { account: "111111111111" } }),
      `environment "prod" cannot be deployed:
- upkeep:aws.region in Pulumi.prod.yaml is missing; allowed: a region such as eu-central-1. Fix: pulumi config set --path upkeep:aws.region <value> --stack prod`,
    );
  });

  it("names a wrong value and what is allowed", () => {
    assert.match(
      refusal({ aws: { account: "1111", region: "eu-central-1" } }),
      /upkeep:aws.account in Pulumi.prod.yaml is "1111"; allowed: an account number of 12 digits, in quotes\. Fix:/,
    );
  });

  it("names an unknown key and the command that removes it", () => {
    assert.match(
      refusal({ bakups: {} }),
      /upkeep:bakups in Pulumi.prod.yaml is \{\}; allowed: no such key\. Fix: pulumi config rm --path upkeep:bakups --stack prod/,
    );
  });

  it("wants exactly one way for pods to prove who they are", () => {
    assert.match(
      refusal({ backups: { identity: { secret: "a", restorer: "b", oidcProvider: "c" } } }),
      /upkeep:backups.identity in Pulumi.prod.yaml/,
    );
  });

  it("wants the name of a receiver's Secret, never what is in it", () => {
    const { alerting } = prod as { alerting: object };
    const receivers = (receiver: object) => refusal({ alerting: { ...alerting, receivers: { default: receiver } } });
    assert.equal(
      receivers({ pagerduty: { key: "pagerduty-routing-key" } }),
      `environment "prod" cannot be deployed:
- upkeep:alerting.receivers.default.pagerduty.secret in Pulumi.prod.yaml is missing; allowed: the name of a Secret. Fix: pulumi config set --path upkeep:alerting.receivers.default.pagerduty.secret <value> --stack prod`,
    );
    assert.equal(
      receivers({ statusPage: { secret: "alert-receivers" } }),
      `environment "prod" cannot be deployed:
- upkeep:alerting.receivers.default.statusPage.key in Pulumi.prod.yaml is missing; allowed: a key of the Secret. Fix: pulumi config set --path upkeep:alerting.receivers.default.statusPage.key <value> --stack prod`,
    );
  });

  it("lists everything that is wrong at once", () => {
    assert.equal(refusal({ services: [], kubernetes: {} }).split("\n").length, 3);
  });
});
