import assert from "node:assert/strict";
import { bech32 } from "@scure/base";
import fc from "fast-check";
import type { Recipient } from "../../../../domain/declaration/configurationKinds.ts";
import { type Configuration, configuration, configurationSchema } from "../../../../domain/declaration/datastore.ts";
import { faultsOf } from "../../../../domain/declaration/parse.ts";
import { inEnvironment, rejectUnknownDifferences } from "../../../../domain/environment/inEnvironment.ts";
import { environmentOf, settingsOf } from "../../../support/environment.ts";
import { refused } from "../../../support/refused.ts";
import { shop } from "../../../support/shop.ts";

const recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

const faults = (changes: Partial<Omit<Configuration, "kind" | "name">>) =>
  faultsOf(configurationSchema, configuration("all", { objects: ["ConfigMap"], ...changes }), "all");
const refusal = (changes: Parameters<typeof faults>[0]) => refused(faults(changes));
const one = (field: string, code = "not-allowed") => [[code, `all.${field}`]];

const forRecipient = (text: string) => faults({ secrets: { recipient: text as Recipient } });

describe("a datastore of configuration", () => {
  it("is declared without Secrets, or with who alone can read them: nothing else compiles", () => {
    // @ts-expect-error: a Secret is no kind that is exported as it is
    configuration("all", { objects: ["Secret"] });
    // @ts-expect-error: no one could read them
    configuration("all", { objects: [], secrets: {} });
    // @ts-expect-error: no recipient of age
    configuration("all", { objects: [], secrets: { recipient: "ssh-ed25519 AAAA" } });
    assert.deepEqual(forRecipient(recipient), []);
  });

  it("is refused without a kind, and for a kind that has no export", () => {
    assert.deepEqual(refusal({ objects: [] }), one("objects"));
    assert.deepEqual(refusal({ objects: ["Ingress" as "ConfigMap"] }), one("objects[0]"));
    assert.deepEqual(refusal({ objects: ["ConfigMap", "Secret" as "ConfigMap"] }), one("objects[1]"));
  });

  it("is refused for a recipient with a mistyped character, and shows none of it", () => {
    const typos = fc.record({
      at: fc.integer({ min: 4, max: 61 }),
      by: fc.constantFrom(..."qpzry9x8gf2tvdw0s3jn54khce6mua7l"),
    });
    fc.assert(
      fc.property(typos, ({ at, by }) => {
        const typed = recipient.slice(0, at) + by + recipient.slice(at + 1);
        const expected = typed === recipient ? 0 : 1;
        assert.equal(forRecipient(typed).length, expected, typed);
      }),
    );
    const [typo, ...more] = forRecipient(recipient.replace("zvk", "zvq"));
    assert.deepEqual(typo?.got, "62 characters whose checksum is wrong");
    assert.deepEqual(more, []);
  });

  it("is refused for an invalid recipient", () => {
    const key = bech32.decodeToBytes(recipient).bytes;
    const wrong: [text: string, got: string | undefined][] = [
      [recipient.toUpperCase(), "62 characters that are not an age public key"],
      [bech32.encodeFromBytes("age", key.slice(1)), "60 characters that are not an age public key"],
      [bech32.encodeFromBytes("age1tag", key), "a recipient of another kind, age1tag"],
      [bech32.encodeFromBytes("age-secret-key-", key).toUpperCase(), "an identity, which is secret"],
      [bech32.encodeFromBytes("xage1tag", key), "67 characters that are not an age public key"],
      ["no-age-secret-key-", "18 characters whose checksum is wrong"],
      ["age1", "4 characters whose checksum is wrong"],
      [5 as unknown as string, "5"],
      [undefined as unknown as string, undefined],
    ];
    for (const [text, got] of wrong) {
      const found = forRecipient(text);
      assert.deepEqual(refused(found), one("secrets.recipient", got === undefined ? "missing" : "not-allowed"));
      assert.equal(found[0]?.got, got);
    }
  });

  it("is refused for names, custom kinds and a recovery namespace that the API could not have", () => {
    const named = (...names: string[]) => refusal({ secrets: { recipient, names } });
    assert.deepEqual(named(), one("secrets.names"));
    assert.deepEqual(named("a", "../b"), one("secrets.names[1]"));
    assert.deepEqual(named("a/b"), one("secrets.names[0]"));
    const custom = { apiVersion: "example.com/v1", kind: "ShopConfig", resource: "shopconfigs" };
    assert.deepEqual(refusal({ customResources: [custom] }), []);
    const wrong = {
      apiVersion: ["v1", "-example.com/v1", "example.com/v1.0"],
      kind: ["shop", "aShop", "Shop-Config"],
      resource: ["Shop", "shop-configs"],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        assert.deepEqual(
          refusal({ customResources: [{ ...custom, [field]: value }] }),
          one(`customResources[0].${field}`),
        );
      }
    }
    for (const recoveryNamespace of ["No", "no.no"]) {
      assert.deepEqual(refusal({ recoveryNamespace }), one("recoveryNamespace"));
    }
  });

  it("gets examples that would be taken", () => {
    const example = (changes: Parameters<typeof faults>[0]) => /"(.*)"/.exec(faults(changes)[0]?.fix ?? "")?.[1] ?? "";
    const custom = { apiVersion: "example.com/v1", kind: "ShopConfig", resource: "shopconfigs" };
    for (const field of Object.keys(custom)) {
      const written = example({ customResources: [{ ...custom, [field]: "?" }] });
      assert.deepEqual(refusal({ customResources: [{ ...custom, [field]: written }] }), [], written);
    }
    assert.deepEqual(refusal({ recoveryNamespace: example({ recoveryNamespace: "?" }) }), []);
  });

  it("may name any Secret, custom kind and recovery namespace that the API could have", () => {
    const names = ["a", "tls.example.com", "registry-credentials"];
    assert.deepEqual(refusal({ secrets: { recipient, names } }), []);
    const custom = { apiVersion: "example.com/v1beta1", kind: "ShopConfig", resource: "shopconfigs" };
    assert.deepEqual(refusal({ customResources: [custom] }), []);
    for (const recoveryNamespace of ["a", "shop-recovery"]) assert.deepEqual(refusal({ recoveryNamespace }), []);
  });

  it("gets its recipient from the environment, which may name none for what is not declared", () => {
    const naming = (name: string) =>
      environmentOf("prod", { ...settingsOf("prod"), differs: { recipients: { [name]: recipient } } });
    const { datastores } = inEnvironment(shop, naming("shop/configuration"));
    const [here] = datastores.filter((one) => one.kind === "configuration");
    assert.equal(here?.secrets?.recipient, recipient);
    rejectUnknownDifferences(naming("shop/configuration"), [shop]);
    assert.throws(
      () => rejectUnknownDifferences(naming("shop/orders"), [shop]),
      /upkeep:differs.recipients in Pulumi.prod.yaml .*"shop\/orders"/,
    );
  });
});
