import assert from "node:assert/strict";
import { type Declaration, type Program, Stack, stepOf } from "../stack.ts";

describe("The random stand-in", function () {
  this.timeout("2m");
  const resources = [
    declaration("randomPassword:RandomPassword", "password", { length: 24, minSpecial: 3, overrideSpecial: "_-" }),
    declaration("randomId:RandomId", "id", { byteLength: 4, prefix: "upkeep-", keepers: { generation: "1" } }),
    declaration("randomInteger:RandomInteger", "integer", { min: 3, max: 4 }),
    declaration("randomUuid:RandomUuid", "uuid", {}),
  ];
  let stack: Stack;
  let printed = "";
  before(async () => {
    stack = await Stack.create();
  });
  after(() => stack?.remove());

  it("draws once, keeps what it drew, and shows nothing of it before", async () => {
    const { steps, text } = await stack.preview(program(resources));
    assert.equal(steps.filter(({ op }) => op === "create").length, 6, text);
    const up = await stack.up(program(resources));
    assert.equal(up.exitCode, 0, up.text);
    printed = up.text;
    const first = await drawn();
    assert.match(first.id, /^upkeep-[0-9a-f]{8}$/);
    assert.match(first.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok([3, 4].includes(first.integer));

    const refreshed = await stack.run(["refresh", "--yes", "--skip-preview"]);
    assert.match(refreshed.text, /6 unchanged/);
    assert.match((await stack.up(program(resources))).text, /Resources:\n +6 unchanged/);
    assert.deepEqual(await drawn(), first);
  });

  it("draws again what has another keeper, and only that", async () => {
    const first = await drawn();
    const next = withProperties("id", { keepers: { generation: "2" } });
    const { steps } = await stack.preview(program(next));
    assert.deepEqual(stepOf(steps, "id")?.detailedDiff, {
      "keepers.generation": { kind: "update-replace", inputDiff: true },
    });
    await stack.up(program(next));
    const { id, ...others } = await drawn();
    assert.notEqual(id, first.id);
    assert.deepEqual({ ...others, id: first.id }, first);
  });

  it("keeps a password out of the state, the preview and all that is printed", async () => {
    const [shown, exported] = await Promise.all([
      stack.run(["stack", "export", "--show-secrets"]),
      stack.run(["stack", "export"]),
    ]);
    const { deployment } = JSON.parse(shown.text);
    const recorded = deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith("::password"));
    const password: string = JSON.parse(recorded.outputs.result.plaintext);
    assert.match(password, /^[A-Za-z0-9_-]{24}$/);
    assert.ok(password.replaceAll(/[^_-]/g, "").length >= 3, "at least minSpecial of overrideSpecial");
    const { text } = await stack.preview(program(withProperties("password", { length: 25 })));
    for (const output of [text, exported.text, printed, await stack.stateFile()]) {
      assert.equal(output.split(password).length - 1, 0);
    }
  });

  it("refuses in preview a type and an argument that it does not know, by name and path", async () => {
    const pet = await stack.preview(program([declaration("randomPet:RandomPet", "pet", {})]));
    assert.match(pet.text, /random 4\.21\.2 does not support random:index\/randomPet:RandomPet/);
    const seeded = await stack.preview(
      program([declaration("randomInteger:RandomInteger", "integer", { min: 1, max: 2, seed: "x" })]),
    );
    assert.match(seeded.text, /seed: is not supported/);
  });

  const withProperties = (name: string, properties: object) =>
    resources.map((resource) =>
      resource.name === name ? { ...resource, properties: { ...resource.properties, ...properties } } : resource,
    );

  // biome-ignore lint/suspicious/noExplicitAny: a text or a number
  async function drawn(): Promise<Record<"id" | "integer" | "uuid", any>> {
    const [id, integer, uuid] = await Promise.all(["id", "integer", "uuid"].map((name) => stack.recorded(name)));
    return { id: id?.outputs?.hex, integer: integer?.outputs?.result, uuid: uuid?.outputs?.result };
  }
});

function declaration(type: string, name: string, properties: object): Declaration {
  return { type: `random:index/${type}`, name, properties };
}

function program(resources: Declaration[]): Program {
  return { package: "random", provider: {}, resources };
}
