import assert from "node:assert/strict";
import { bech32 } from "@scure/base";
import fc from "fast-check";
import { configurationFaults } from "../../../../domain/backup/datastores/configuration.ts";
import type { Recipient } from "../../../../domain/declaration/configurationKinds.ts";
import { type Configuration, configuration, grafana } from "../../../../domain/declaration/datastore.ts";
import { placed, refuseStrayDifferences } from "../../../../domain/environment/placed.ts";
import { faultMessage } from "../../../../domain/values/fault.ts";
import { tapio } from "../../../../services/tapio.ts";
import { environmentOf, settingsOf } from "../../../support/environment.ts";

const recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

const messages = (changes: Partial<Omit<Configuration, "kind" | "name">>) =>
  configurationFaults(configuration("all", { objects: ["ConfigMap"], ...changes })).map(faultMessage);

const forRecipient = (text: string) => messages({ secrets: { recipient: text as Recipient } });

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
    const allowed = "allowed: one or more of ConfigMap, Deployment, StatefulSet, DaemonSet, Service";
    assert.deepEqual(messages({ objects: [] }), [
      `datastores "all" objects is empty; ${allowed}. Fix: write for example ["ConfigMap"]`,
    ]);
    assert.deepEqual(messages({ objects: ["Ingress" as "ConfigMap"] }), [
      `datastores "all" objects is "Ingress"; ${allowed}. Fix: leave it out, or declare it in customResources`,
    ]);
    assert.deepEqual(messages({ objects: ["ConfigMap", "Secret" as "ConfigMap"] }), [
      'datastores "all" objects is "Secret"; allowed: one or more of ConfigMap, Deployment, StatefulSet, DaemonSet, Service. Fix: leave it out, and declare secrets: { recipient: "age1…" }: Secrets are exported encrypted or not at all',
    ]);
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
    assert.deepEqual(forRecipient(recipient.replace("zvk", "zvq")), [
      'datastores "all" secrets.recipient is 62 characters whose checksum is wrong; allowed: an X25519 recipient of age: age1 and 58 characters, of which the last six are its checksum. Fix: take the public key that age-keygen -o <file> prints, or age-keygen -y <file> for an identity that exists',
    ]);
  });

  it("is refused for what looks like a recipient and is none", () => {
    const key = bech32.decodeToBytes(recipient).bytes;
    const wrong: [string, RegExp][] = [
      [recipient.toUpperCase(), /62 characters that are no key of age;/],
      [bech32.encodeFromBytes("age", key.slice(1)), /60 characters that are no key of age;/],
      [bech32.encodeFromBytes("age1tag", key), /a recipient of another kind, age1tag;/],
      [bech32.encodeFromBytes("age-secret-key-", key).toUpperCase(), /an identity, which is secret;/],
      [bech32.encodeFromBytes("xage1tag", key), /67 characters that are no key of age;/],
      ["no-age-secret-key-", /18 characters whose checksum is wrong;/],
      ["age1", /4 characters whose checksum is wrong;/],
      [5 as unknown as string, /secrets.recipient is 5;/],
      [undefined as unknown as string, /secrets.recipient is missing;/],
    ];
    for (const [text, says] of wrong) assert.match(forRecipient(text).join(), says);
  });

  it("is refused for names, custom kinds and a recovery namespace that the API could not have", () => {
    assert.match(
      messages({ secrets: { recipient, names: [] } }).join(),
      /secrets.names is empty; .* leave it out for all/,
    );
    assert.deepEqual(messages({ secrets: { recipient, names: ["a", "../b"] } }), [
      'datastores "all" secrets.names is 4 characters; allowed: names of Secrets. Fix: name at least one, or leave it out for all of the namespace',
    ]);
    assert.equal(messages({ secrets: { recipient, names: ["a/b"] } }).length, 1);
    const custom = { apiVersion: "tapio.io/v1", kind: "TapioConfig", resource: "tapioconfigs" };
    assert.deepEqual(messages({ customResources: [custom] }), []);
    const says = {
      apiVersion: 'group and version. Fix: write for example "tapio.io/v1"',
      kind: 'the kind as objects name it. Fix: write for example "TapioConfig"',
      resource: `the plural of the kind as the API's paths name it. Fix: write for example "tapioconfigs"`,
    };
    const wrong = {
      apiVersion: ["v1", "-tapio.io/v1", "tapio.io/v1.0"],
      kind: ["tapio", "aTapio", "Tapio-Config"],
      resource: ["Tapio", "tapio-configs"],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        const [found = "", ...more] = messages({ customResources: [{ ...custom, [field]: value }] });
        assert.ok(found.startsWith(`datastores "all" customResources[0].${field} is `), found);
        assert.ok(found.endsWith(`; allowed: ${says[field as keyof typeof says]}`), found);
        assert.deepEqual(more, []);
      }
    }
    for (const recoveryNamespace of ["No", "no.no"]) {
      assert.deepEqual(messages({ recoveryNamespace }), [
        `datastores "all" recoveryNamespace is "${recoveryNamespace}"; allowed: a namespace. Fix: write for example "mplp-recovery"`,
      ]);
    }
  });

  it("may name any Secret, custom kind and recovery namespace that the API could have", () => {
    const names = ["a", "tls.example.com", "registry-credentials"];
    assert.deepEqual(messages({ secrets: { recipient, names } }), []);
    const custom = { apiVersion: "tapio.io/v1beta1", kind: "TapioConfig", resource: "tapioconfigs" };
    assert.deepEqual(messages({ customResources: [custom] }), []);
    for (const recoveryNamespace of ["a", "mplp-recovery"]) assert.deepEqual(messages({ recoveryNamespace }), []);
  });

  it("is alone judged by this: another datastore has no kinds", () => {
    const token = { secret: "grafana", key: "token" };
    assert.deepEqual(configurationFaults(grafana("dashboards", { url: "http://grafana:3000", token })), []);
  });

  it("gets its recipient from the environment, which may name none for what is not declared", () => {
    const [here] = placed(tapio, environmentOf("prod")).datastores.filter(({ kind }) => kind === "configuration");
    assert.match((here as Configuration).secrets?.recipient ?? "", /^age1/);
    const environment = environmentOf("prod", {
      ...settingsOf("prod"),
      differs: { recipients: { "tapio/main": recipient } },
    });
    assert.throws(
      () => refuseStrayDifferences(environment, [tapio]),
      /upkeep:differs.recipients in Pulumi.prod.yaml is "tapio\/main"; allowed: tapio\/configuration\./,
    );
  });
});
