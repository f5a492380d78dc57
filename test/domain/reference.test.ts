import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { z } from "zod";
import { pages } from "../../cli/docs.ts";
import { settings } from "../../domain/environment/settings.ts";
import { fieldTable, stackFileSchema } from "../../domain/values/reference.ts";
import { optional, text } from "../../domain/values/schema.ts";
import { findings } from "../../domain/values/schemaFaults.ts";
import { set } from "../policies/set.ts";
import { settingsOf } from "../support/environment.ts";

describe("a generated page", () => {
  for (const [file, text] of Object.entries(pages())) {
    it(`says what the schemas say: ${file} (else: make docs)`, () => assert.equal(readFileSync(file, "utf8"), text));
  }

  it("lists each field with its type, default, form, purpose and example, also inside others", () => {
    const schema = z.strictObject({
      outer: z.strictObject({
        size: text("a size such as 20Gi", "20Gi").describe("How large."),
        mode: z.enum(["a", "b"]).default("a").describe("Which | one."),
      }),
      hosts: optional(z.array(z.strictObject({ port: z.int().meta({ allowed: "a port", examples: [1] }) }))).describe(
        "Where.",
      ),
    });
    assert.deepEqual(fieldTable(schema, "x:").split("\n").slice(2), [
      "| `x:outer` | object | **required** |  |  |  |",
      '| `x:outer.size` | text | **required** | a size such as 20Gi | How large. | `"20Gi"` |',
      '| `x:outer.mode` | word | `"a"` | a, b | Which \\| one. | `"a"` |',
      "| `x:hosts` | list of object | none | a list, each { port } | Where. | `[{ port: 1 }]` |",
      "| `x:hosts[].port` | number | **required** | a port |  | `1` |",
    ]);
  });
});

describe("the JSON schema of a stack's file", () => {
  const valid = new Ajv({ strict: false, validateFormats: false }).compile(stackFileSchema(settings, "upkeep:"));

  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`takes Pulumi.${stack}.yaml, which names it`, () => {
      const file = readFileSync(`Pulumi.${stack}.yaml`, "utf8");
      assert.equal(file.split("\n")[0], "# yaml-language-server: $schema=docs/pulumi-stack.schema.json");
      assert.equal(valid(parse(file)), true, JSON.stringify(valid.errors));
    });
  }

  it("refuses what the program refuses: an unknown key, a missing one, a wrong form", () => {
    const { config } = parse(readFileSync("Pulumi.prod.yaml", "utf8"));
    for (const [path, value] of [
      ["upkeep:bakups", {}],
      ["upkeep:aws", undefined],
      ["upkeep:aws.regoin", "a"],
      ["upkeep:aws.account", 111111111111],
      ["upkeep:monitoring.retention", "1y"],
    ] as const) {
      assert.equal(valid({ config: set(structuredClone(config), path, value) }), false, path);
      const own = set(structuredClone(settingsOf("prod")), path.replace("upkeep:", ""), value);
      assert.notDeepEqual(findings(settings, own), [], path);
    }
  });

  it("leaves other packages' settings alone", () => {
    const { config } = parse(readFileSync("Pulumi.prod.yaml", "utf8"));
    assert.equal(valid({ config: { ...config, "aws:region": "eu-west-1" }, encryptionsalt: "v1:a" }), true);
  });
});
