import assert from "node:assert/strict";
import { inlineSecretFaults } from "../../../domain/kubernetes/inlineSecret.ts";
import { refused } from "../../support/refused.ts";
import { forgiving, unread } from "../../support/unread.ts";

/** A text that its form gives away. */
const URL = "redis://:hunter2@redis";

const fault = (path: string) => ["inline-credential", path];
const found = (...args: Parameters<typeof inlineSecretFaults>) => refused(inlineSecretFaults(...args));
const inPod = (spec: object) => found("Pod", { spec });
const inData = (data: object, kind = "ConfigMap") => found(kind, { data });

describe("an object's texts", () => {
  it("are judged at every path, and named by it", () => {
    const object = {
      spec: { receivers: [{ name: "team", url: URL }, { urls: [URL, "none"] }, { name: "a b", url: URL }] },
      "a b": { "x-y_z": URL, "x.y": URL, "x y": URL, [`${"k".repeat(80)}`]: URL, [`${"k".repeat(81)}`]: URL },
      [`${"k".repeat(101)}`]: { [`${"k".repeat(101)}`]: URL },
      top: URL,
    };
    assert.deepEqual(found("AlertmanagerConfig", object), [
      fault("spec.receivers[name=team].url"),
      fault("spec.receivers[1].urls[0]"),
      fault("spec.receivers[name=*].url"),
      fault("a b.x-y_z"),
      fault('a b["x.y"]'),
      fault('a b["*"]'),
      fault(`a b.${"k".repeat(80)}`),
      fault(`a b["${"k".repeat(81)}"]`),
      fault(`${"k".repeat(101)}["*"]`),
      fault("top"),
    ]);
  });

  it("are no faults where they hold no credential, or are no texts", () => {
    assert.deepEqual(found("Pod", {}), []);
    assert.deepEqual(inPod({ a: "b", c: 7, d: null, e: undefined, f: [null, undefined, 7, "g"], h: true }), []);
  });

  it("are not judged in what says what the object is, but for annotations", () => {
    const metadata = { name: URL, labels: { a: URL }, annotations: { note: URL, "a.b/c-d": URL, "a b": URL, n: 7 } };
    assert.deepEqual(found("Pod", { apiVersion: URL, kind: URL, metadata }), [
      fault('metadata.annotations["note"]'),
      fault('metadata.annotations["a.b/c-d"]'),
      fault('metadata.annotations["*"]'),
    ]);
    assert.deepEqual(found("Pod", { metadata: { annotations: { password: "hunter2" } } }), []);
    assert.deepEqual(found("Pod", { metadata: {} }), []);
    const long = "n".repeat(100);
    assert.deepEqual(found("Pod", { metadata: { annotations: { [long]: URL, [`${long}n`]: URL } } }), [
      fault(`metadata.annotations["${long}"]`),
      fault('metadata.annotations["*"]'),
    ]);
  });
});

describe("a variable of a container, and a header that a probe sends", () => {
  it("is judged by its name", () => {
    const all = [
      { name: "PGPASSWORD", value: "hunter2" },
      { name: "PGUSER", value: "hunter2" },
      { name: "API_PASSWORD", value: 7 },
      { name: "OTHER_PASSWORD", valueFrom: { secretKeyRef: { name: "a", key: "password" } } },
      { value: "hunter2" },
    ];
    assert.deepEqual(inPod({ containers: [{ name: "app", env: all }] }), [
      fault("spec.containers[name=app].env[name=PGPASSWORD].value"),
    ]);
    assert.deepEqual(inPod({ httpHeaders: [{ name: "Authorization", value: "Basic a" }] }), [
      fault("spec.httpHeaders[name=Authorization].value"),
    ]);
    assert.deepEqual(inPod({ other: all }), []);
  });

  it("is said once where its form gives it away too", () =>
    assert.deepEqual(inPod({ env: [{ name: "PGPASSWORD", value: URL }] }), [fault("spec.env[name=PGPASSWORD].value")]));
});

describe("a command", () => {
  it("is judged by its flags and by what it assigns", () => {
    for (const list of ["command", "args"]) {
      assert.deepEqual(inPod({ [list]: ["run", "--password", "hunter2", "-password", "hunter2"] }), [
        fault(`spec.${list}[2]`),
        fault(`spec.${list}[4]`),
      ]);
      assert.deepEqual(inPod({ [list]: ["run", "--password=hunter2", "PGPASSWORD=hunter2 run"] }), [
        fault(`spec.${list}[1]`),
        fault(`spec.${list}[2]`),
      ]);
    }
    assert.deepEqual(inPod({ words: ["--password", "hunter2", "PGPASSWORD=hunter2"] }), []);
  });

  it("is said once where a value's form gives it away too", () =>
    assert.deepEqual(inPod({ args: ["--password", URL] }), [fault("spec.args[1]")]));

  it("has no value where another flag follows, or before its first word", () => {
    for (const args of [
      ["hunter2", "--password"],
      ["--password", "--verbose"],
      ["--password", "-v"],
      ["password", "hunter2"],
      ["x --password", "hunter2"],
      ["--kind=secret", "hunter2"],
      [["--password"], "hunter2"],
      ["--password x", "hunter2"],
      ["---password", "hunter2"],
      ["--2password", "hunter2"],
      ["--password", 7],
      [7, "hunter2"],
    ]) {
      assert.deepEqual(inPod({ args }), [], JSON.stringify(args));
    }
    assert.deepEqual(inPod({ args: ["--PASSWORD", "hunter2"] }), [fault("spec.args[1]")]);
  });
});

describe("a ConfigMap's entry", () => {
  it("is judged by its name", () => {
    assert.deepEqual(inData({ DB_PASSWORD: "hunter2", user: "hunter2" }, "ConfigMap"), [fault("data.DB_PASSWORD")]);
    for (const kind of ["AConfigMap", "ConfigMaps", "Pod"]) {
      assert.deepEqual(inData({ DB_PASSWORD: "hunter2" }, kind), [], kind);
    }
    const binary = found("ConfigMap", { binaryData: { DB_PASSWORD: btoa("hunter2") } });
    assert.deepEqual(binary, [fault("binaryData.DB_PASSWORD")]);
    assert.deepEqual(inData({ "db.password": URL }), [fault('data["db.password"]')]);
    assert.deepEqual(found("ConfigMap", { data: "password: hunter2" }), [fault("data")]);
  });

  it("is judged as a program by what it assigns, and else as a configuration", () => {
    const assigned = "PGPASSWORD=hunter2 run";
    const configured = "  password: hunter2";
    for (const name of "sh bash js cjs mjs ts py rb pl lua sql".split(" ").map((end) => `run.${end}`)) {
      assert.deepEqual(inData({ [name]: assigned }), [fault(`data["${name}"]`)]);
      assert.deepEqual(inData({ [name]: configured }), []);
    }
    for (const name of ["app.yaml", "run.sh.yaml", "sh"]) {
      const path = name === "sh" ? "data.sh" : `data["${name}"]`;
      assert.deepEqual(inData({ [name]: "run PGPASSWORD=hunter2" }), []);
      assert.deepEqual(inData({ [name]: configured }), [fault(path)]);
      assert.deepEqual(inData({ [name]: "routing_key: orders" }), []);
    }
  });
});

describe("a Secret", () => {
  const configuration = "routing_key: abc";

  it("is judged where it holds Alertmanager's configuration, plain or in base64", () => {
    const encoded = btoa(configuration);
    for (const file of ["alertmanager.yaml", "alertmanager.yml"]) {
      const plain = found("Secret", { stringData: { [file]: configuration } });
      assert.deepEqual(plain, [fault(`stringData["${file}"]`)]);
      assert.deepEqual(inData({ [file]: encoded }, "Secret"), [fault(`data["${file}"]`)]);
    }
    assert.deepEqual(found("Secret", { stringData: { "alertmanager.yaml": URL } }), [
      fault('stringData["alertmanager.yaml"]'),
    ]);
  });

  it("is left alone but for that, and for its annotations", () => {
    const stringData = { "my-alertmanager.yaml": URL, "alertmanager.yaml.gz": URL, "alertmanager-yml": URL, url: URL };
    assert.deepEqual(found("Secret", { stringData, more: URL }), []);
    assert.deepEqual(found("Secret", {}), []);
    assert.deepEqual(found("Secret", { metadata: { annotations: { note: URL } } }), [
      fault('metadata.annotations["note"]'),
    ]);
    for (const kind of ["ASecret", "Secrets"]) {
      assert.deepEqual(found(kind, { stringData: { url: URL } }), [fault("stringData.url")]);
    }
  });
});

describe("an object of which a preview does not know everything", () => {
  const judged = (kind: string, object: object) =>
    inlineSecretFaults(kind, { ...object, more: URL }, forgiving).map(({ path }) => path);

  it("is judged but for that", () => {
    assert.deepEqual(found("Pod", unread({ more: URL }, "spec") as Record<string, unknown>, forgiving), [
      fault("more"),
    ]);
    assert.deepEqual(judged("Pod", { spec: unread({ a: URL }, "b") }), ["spec.a", "more"]);
    assert.deepEqual(judged("Pod", { spec: [unread({ a: URL }, "name")] }), ["spec[0].a", "more"]);
    assert.deepEqual(
      judged("Pod", { env: [{ name: "PGPASSWORD", value: "hunter2" }, unread({ name: "a" }, "value")] }),
      ["env[name=PGPASSWORD].value", "more"],
    );
    assert.deepEqual(judged("Pod", { args: unread(["run", "a", "--password", "hunter2"], "1") }), ["args[3]", "more"]);
    const annotations = unread({ note: URL }, "other");
    assert.deepEqual(judged("Pod", { metadata: { annotations } }), ['metadata.annotations["note"]', "more"]);
    assert.deepEqual(judged("Pod", { metadata: unread({}, "annotations") }), ["more"]);
  });

  it("is a Secret of which each half, and each file, is judged on its own", () => {
    const file = { "alertmanager.yaml": URL };
    const listed = new Proxy({}, { ownKeys: () => assert.fail("not known yet") });
    const encoded = { "alertmanager.yaml": btoa(URL) };
    assert.deepEqual(judged("Secret", { stringData: listed, data: encoded }), ['data["alertmanager.yaml"]']);
    const unknown = unread({ data: encoded }, "stringData") as Record<string, unknown>;
    assert.deepEqual(
      inlineSecretFaults("Secret", unknown, forgiving).map(({ path }) => path),
      ['data["alertmanager.yaml"]'],
    );
    assert.deepEqual(judged("Secret", { stringData: file, data: listed }), ['stringData["alertmanager.yaml"]']);
    assert.deepEqual(judged("Secret", { stringData: unread({ ...file }, "alertmanager.yml") }), [
      'stringData["alertmanager.yaml"]',
    ]);
    assert.deepEqual(judged("Secret", { data: { "alertmanager.yml": "?", ...encoded } }), [
      'data["alertmanager.yaml"]',
    ]);
  });
});
