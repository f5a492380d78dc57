import assert from "node:assert/strict";
import { changes, formatPath } from "../changes.ts";
import { hasUnknown, markLike, redact, reveal, secret, UNKNOWN } from "../values.ts";

describe("secrets on their way through a stand-in", () => {
  it("mark what an API returns where the inputs were secret, and nothing beside it", () => {
    const inputs = { metadata: { annotations: { token: secret("s3cret"), team: "operations" } }, level: "info" };
    const returned = { metadata: { uid: "1", annotations: { token: "s3cret", team: "operations" } }, level: "info" };
    assert.deepEqual(markLike(returned, inputs), {
      metadata: { uid: "1", annotations: { token: secret("s3cret"), team: "operations" } },
      level: "info",
    });
  });

  it("mark a whole list where one item was secret, because an API may reorder it", () => {
    const env = [
      { name: "LEVEL", value: "info" },
      { name: "TOKEN", value: "s3cret" },
    ];
    const inputs = { env: [env[0], { name: "TOKEN", value: secret("s3cret") }] };
    assert.deepEqual(markLike({ env: env.toReversed() }, inputs), { env: secret(env.toReversed()) });
  });

  it("reach handlers revealed, at any depth", () => {
    assert.deepEqual(reveal({ a: [secret({ b: secret("s3cret") })] }), { a: [{ b: "s3cret" }] });
  });

  it("are taken out of a message in each spelling, the longest first", () => {
    const inputs = { prefix: secret("s3cret"), password: secret('s3cret "quoted"'), level: "info" };
    const encoded = Buffer.from("s3cret").toString("base64");
    const text = `got s3cret, s3cret \\"quoted\\" and ${encoded} at level info`;
    assert.equal(redact(text, inputs), "got [secret], [secret] and [secret] at level info");
  });

  it("may hide what is not known yet", () => {
    assert.equal(hasUnknown({ data: secret({ token: UNKNOWN }) }), true);
    assert.equal(redact(`waits for ${UNKNOWN}`, secret(UNKNOWN)), `waits for ${UNKNOWN}`);
  });
});

describe("the changes between two inputs", () => {
  it("are named at the deepest place that differs, lists by position", () => {
    const before = { spec: { replicas: 1, ports: [{ port: 80 }, { port: 90 }] }, gone: true };
    const after = { spec: { replicas: 1, ports: [{ port: 81 }] }, labels: { "app.kubernetes.io/name": "mplp" } };
    assert.deepEqual(
      changes(before, after).map(({ path, kind }) => `${kind} ${formatPath(path)}`),
      ["update spec.ports[0].port", "delete spec.ports[1]", "delete gone", "add labels"],
    );
    assert.equal(formatPath(["labels", "app.kubernetes.io/name"]), 'labels["app.kubernetes.io/name"]');
  });

  it("do not exist between equal ones, whatever the order of their keys", () => {
    assert.deepEqual(changes({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 }), []);
  });
});
