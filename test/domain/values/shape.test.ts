import assert from "node:assert/strict";
import { MisshapenError, type Shape, shaped } from "../../../domain/values/shape.ts";

const shape: Shape = {
  name: "text",
  replicas: "number",
  paused: "boolean",
  memory: "quantity",
  labels: { "*": "text" },
  containers: [{ image: "text", args: ["text"] }],
};

type Keys = readonly (string | number)[];

/** Reads a value of a view, key by key. */
function read(value: object, keys: Keys): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], shaped(value, shape));
}

/** What reading a value refuses: path, what it is, and what is allowed. */
function misshapen(value: object, keys: Keys): string {
  try {
    read(value, keys);
  } catch (error) {
    assert.ok(error instanceof MisshapenError, String(error));
    const { code, path, got, allowed } = error.fault;
    assert.equal(code, "value-misshapen");
    return `${path}: ${got}, not ${allowed}`;
  }
  return "nothing";
}

describe("a view of what a person wrote", () => {
  const written = {
    name: "app",
    replicas: 3,
    paused: false,
    memory: 1024,
    labels: { team: "shop" },
    containers: [{ image: "redis", args: ["--save"], other: 7 }],
    unread: { anything: [1] },
  };

  it("reads as it is written where each value has its shape", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(shaped(written, shape))), written);
    assert.equal(read({ memory: "1Gi" }, ["memory"]), "1Gi");
  });

  const reads: [value: object, keys: Keys, refusal: string][] = [
    [{ name: 7 }, ["name"], "name: a number, not text"],
    [{ replicas: "3" }, ["replicas"], "replicas: text of 1 characters, not a number"],
    [{ paused: "true" }, ["paused"], "paused: text of 4 characters, not true or false"],
    [{ memory: ["1Gi"] }, ["memory"], "memory: a list, not a quantity"],
    [{ labels: ["a"] }, ["labels"], "labels: a list, not an object"],
    [{ labels: { team: {} } }, ["labels", "team"], "labels.team: an object, not text"],
    [{ labels: { "a/b": 1 } }, ["labels", "a/b"], 'labels["a/b"]: a number, not text'],
    [{ labels: { "a secret": 1 } }, ["labels", "a secret"], 'labels["*"]: a number, not text'],
    [{ containers: "redis" }, ["containers"], "containers: text of 5 characters, not a list"],
    [{ containers: { name: "a" } }, ["containers"], "containers: an object, not a list"],
    [{ containers: [null] }, ["containers", 0], "containers[0]: null, not an object"],
    [{ containers: [{ args: [1] }] }, ["containers", 0, "args", 0], "containers[0].args[0]: a number, not text"],
  ];
  for (const [value, keys, refusal] of reads) {
    it(`refuses to read a value of another shape: ${refusal}`, () => assert.equal(misshapen(value, keys), refusal));
  }

  it("reads null as missing, and everything beside a misshapen value", () => {
    const value = { name: null, replicas: "3", paused: true };
    assert.equal(read(value, ["name"]), undefined);
    assert.equal(read(value, ["paused"]), true);
  });

  it("has the methods of a list", () => {
    const { containers } = shaped<{ containers: { image: string }[] }>(written, shape);
    assert.deepEqual(
      containers.map(({ image }) => image),
      ["redis"],
    );
    assert.ok(Array.isArray(containers));
  });

  it("advises against quotes around a number, and nowhere quotes a text", () => {
    const refusal = (replicas: string) => {
      try {
        return read({ replicas }, ["replicas"]);
      } catch (error) {
        return JSON.stringify((error as MisshapenError).fault) + (error as Error).message;
      }
    };
    assert.match(String(refusal("300")), /remove the quotes/);
    assert.doesNotMatch(String(refusal("hunter2")), /hunter2|remove the quotes/);
  });
});
