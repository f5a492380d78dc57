import assert from "node:assert/strict";
import { bech32 } from "@scure/base";
import fc from "fast-check";
import { configuration as kind } from "../../../../domain/backup/datastores/configuration.ts";
import type { Recipient } from "../../../../domain/declaration/configurationKinds.ts";
import { type Configuration, configuration } from "../../../../domain/declaration/datastore.ts";
import { inEnvironment, rejectUnknownDifferences } from "../../../../domain/environment/inEnvironment.ts";
import { environmentOf, settingsOf } from "../../../support/environment.ts";
import { refused } from "../../../support/refused.ts";
import { shop } from "../../../support/shop.ts";

const recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

const faults = (changes: Partial<Omit<Configuration, "kind" | "name">>) =>
  kind.faults(configuration("all", { objects: ["ConfigMap"], ...changes }));
const refusal = (changes: Parameters<typeof faults>[0]) => refused(faults(changes));
const one = (code: string, field: string) => [[code, `datastores "all" ${field}`]];

const forRecipient = (text: string) => faults({ secrets: { recipient: text as Recipient } });

describe("a datastore of configuration", () => {
  it("is declared without Secrets, or with who alone can read them: nothing else compiles", () => {
    // @ts-expect-error: a Secret is no kind that is exported as it is
    configuration("all", { objects: ["Secret"] });
    // @ts-expect-error: nobody could read them
    configuration("all", { objects: [], secrets: {} });
    // @ts-expect-error: no recipient of age
    configuration("all", { objects: [], secrets: { recipient: "ssh-ed25519 AAAA" } });
    assert.deepEqual(forRecipient(recipient), []);
  });

  it("is refused without a kind, and for a kind that has no export", () => {
    assert.deepEqual(refusal({ objects: [] }), one("no-configuration-kinds", "objects"));
    assert.deepEqual(refusal({ objects: ["Ingress" as "ConfigMap"] }), one("unknown-configuration-kind", "objects"));
    assert.deepEqual(
      refusal({ objects: ["ConfigMap", "Secret" as "ConfigMap"] }),
      one("unencrypted-secrets", "objects"),
    );
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
    const malformed = "malformed-recipient";
    const wrong: [text: string, code: string, got: string][] = [
      [recipient.toUpperCase(), malformed, "62 characters that are not an age public key"],
      [bech32.encodeFromBytes("age", key.slice(1)), malformed, "60 characters that are not an age public key"],
      [bech32.encodeFromBytes("age1tag", key), "recipient-of-another-kind", "a recipient of another kind, age1tag"],
      [
        bech32.encodeFromBytes("age-secret-key-", key).toUpperCase(),
        "identity-as-recipient",
        "an identity, which is secret",
      ],
      [bech32.encodeFromBytes("xage1tag", key), malformed, "67 characters that are not an age public key"],
      ["no-age-secret-key-", malformed, "18 characters whose checksum is wrong"],
      ["age1", malformed, "4 characters whose checksum is wrong"],
      [5 as unknown as string, malformed, "5"],
      [undefined as unknown as string, malformed, "missing"],
    ];
    for (const [text, code, got] of wrong) {
      const found = forRecipient(text);
      assert.deepEqual(refused(found), one(code, "secrets.recipient"));
      assert.equal(found[0]?.got, got);
    }
  });

  it("is refused for names, custom kinds and a recovery namespace that the API could not have", () => {
    const named = (...names: string[]) => refusal({ secrets: { recipient, names } });
    assert.deepEqual(named(), one("no-secret-names", "secrets.names"));
    for (const names of [["a", "../b"], ["a/b"]]) {
      assert.deepEqual(named(...names), one("malformed-secret-name", "secrets.names"));
    }
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
          one("malformed-custom-resource", `customResources[0].${field}`),
        );
      }
    }
    for (const recoveryNamespace of ["No", "no.no"]) {
      assert.deepEqual(refusal({ recoveryNamespace }), one("malformed-recovery-namespace", "recoveryNamespace"));
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
