import assert from "node:assert/strict";
import { exportedKinds, groupOf, type Recipient } from "../../../domain/declaration/configurationKinds.ts";

const recipient: Recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

describe("the kinds that are exported", () => {
  it("are those that are declared, each where the API serves it", () => {
    assert.deepEqual(exportedKinds({ objects: [] }), []);
    assert.deepEqual(exportedKinds({ objects: ["ConfigMap", "Deployment", "StatefulSet", "DaemonSet", "Service"] }), [
      { kind: "ConfigMap", apiVersion: "v1", resource: "configmaps" },
      { kind: "Deployment", apiVersion: "apps/v1", resource: "deployments" },
      { kind: "StatefulSet", apiVersion: "apps/v1", resource: "statefulsets" },
      { kind: "DaemonSet", apiVersion: "apps/v1", resource: "daemonsets" },
      { kind: "Service", apiVersion: "v1", resource: "services" },
    ]);
  });

  it("are custom ones too, without what else a declaration in plain JavaScript says of them", () => {
    const custom = { apiVersion: "example.com/v1", kind: "ShopConfig", resource: "shopconfigs" };
    assert.deepEqual(
      exportedKinds({ objects: [], customResources: [{ ...custom, encrypted: true } as typeof custom] }),
      [custom],
    );
  });

  it("are Secrets where a recipient can read them: encrypted, all or those that are named", () => {
    const secrets = { kind: "Secret", apiVersion: "v1", resource: "secrets", encrypted: true };
    assert.deepEqual(exportedKinds({ objects: ["Service"], secrets: { recipient } }), [
      { kind: "Service", apiVersion: "v1", resource: "services" },
      secrets,
    ]);
    assert.deepEqual(exportedKinds({ objects: [], secrets: { recipient, names: ["a"] } }), [
      { ...secrets, names: ["a"] },
    ]);
  });
});

describe("an API version's group", () => {
  it("is what is before the slash, and empty without one", () => {
    assert.equal(groupOf("apps/v1"), "apps");
    assert.equal(groupOf("v1"), "");
  });
});
