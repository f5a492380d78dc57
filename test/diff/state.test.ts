import assert from "node:assert/strict";
import { stateOf } from "../../cli/diff/state.ts";
import { UNKNOWN } from "../../standins/values.ts";

const root = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";
const provider = "urn:pulumi:prod::shop::pulumi:providers:aws::account";
const key = "urn:pulumi:prod::shop::aws:kms/key:Key::key";
const state = { protect: false, retainOnDelete: false, inputs: {} };
const steps = [
  { op: "create", urn: root, newState: { ...state, urn: root, type: "pulumi:pulumi:Stack", custom: false } },
  { op: "create", urn: provider, newState: { ...state, urn: provider, type: "pulumi:providers:aws", custom: true } },
  {
    op: "create",
    urn: key,
    newState: {
      ...{ ...state, urn: key, type: "aws:kms/key:Key", custom: true, inputs: { description: "[secret]" } },
      ...{ provider: `${provider}::${UNKNOWN}`, sourcePosition: "index.ts#1", stackTrace: [] },
    },
  },
];
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
const plan = {
  manifest: { version: "3" },
  resourcePlans: {
    [key]: { goal: { inputDiff: { adds: { description: secret } } }, state: { description: secret, arn: "arn:k" } },
  },
};

describe("the state made of a preview", () => {
  const { deployment } = stateOf(steps, plan, new Map([[key, "k"]]), "v1:salt");
  const [stack, account, created] = deployment.resources as [object, { id: string }, Record<string, unknown>];

  it("has inputs with their secrets, outputs and the id that the provider gave, and no place in the source", () => {
    assert.deepEqual(created, {
      ...{ urn: key, type: "aws:kms/key:Key", custom: true, protect: false, retainOnDelete: false, id: "k" },
      ...{
        provider: `${provider}::${account.id}`,
        inputs: { description: secret },
        outputs: plan.resourcePlans[key]?.state,
      },
    });
  });

  it("gives a provider an id, and a component none", () => {
    assert.notEqual(account.id, UNKNOWN);
    assert.ok(!("id" in stack));
  });
});
