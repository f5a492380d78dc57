import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { kubeconfigFiles, mergedKubeconfig } from "../../components/scaling/kubeconfig.ts";

describe("the kubeconfig that is used", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-kubeconfig-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: object | string) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : stringify(content));
    return path;
  };

  it("is the environment's, else those of KUBECONFIG, else the user's own", () => {
    assert.deepEqual(kubeconfigFiles("here/kubeconfig", { KUBECONFIG: "/a" }), ["here/kubeconfig"]);
    assert.deepEqual(kubeconfigFiles("~/prod", { HOME: "/home/me" }), ["/home/me/prod"]);
    assert.deepEqual(kubeconfigFiles(undefined, { KUBECONFIG: "/a::/b", HOME: "/home/me" }), ["/a", "/b"]);
    assert.deepEqual(kubeconfigFiles(undefined, { KUBECONFIG: "", HOME: "/home/me" }), ["/home/me/.kube/config"]);
  });

  it("is all files merged, the first that names an entry first; a missing and an empty one add nothing", () => {
    const entry = (name: string, server: string) => ({ name, cluster: { server } });
    const one = file("one", { clusters: [entry("prod", "https://one")], contexts: [{ name: "prod", context: {} }] });
    const two = file("two", { clusters: [entry("prod", "https://two"), entry("staging", "https://two")], users: null });
    assert.deepEqual(mergedKubeconfig([join(folder, "none"), file("empty", ""), one, two]), {
      clusters: [entry("prod", "https://one"), entry("staging", "https://two")],
      contexts: [{ name: "prod", context: {} }],
      users: [],
    });
  });

  it("has its paths from the folder of the file that names them", () => {
    const path = file("config", {
      clusters: [{ name: "prod", cluster: { server: "https://one", "certificate-authority": "ca.crt" } }],
      users: [{ name: "me", user: { "client-certificate": "me.crt", "client-key": "/keys/me.key" } }],
    });
    const { clusters, users } = mergedKubeconfig([path]);
    assert.equal(clusters[0]?.cluster?.["certificate-authority"], join(folder, "ca.crt"));
    assert.deepEqual(users[0]?.user, { "client-certificate": join(folder, "me.crt"), "client-key": "/keys/me.key" });
  });

  it("is named where it cannot be read, and nothing of it is shown", () => {
    const path = file("broken", "users: [{ token: secret-word");
    assert.throws(
      () => mergedKubeconfig([path]),
      ({ message }: Error) => message.includes(path) && !message.includes("secret-word"),
    );
  });
});
