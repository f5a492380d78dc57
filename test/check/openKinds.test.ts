import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

/** Where a new kind could be forgotten; the tests may name kinds as they like. */
const product = ["domain", "components", "programs", "policies", "services", "cli", "sandbox", "standins", "index.ts"];

/** The files that the compiler refuses once changes are made to a copy of some parts of the product. */
async function refused(parts: string[], ...changes: [file: string, from: string, to: string][]): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), "upkeep-open-kind-"));
  try {
    for (const part of [...parts, "package.json"]) cpSync(join(clone, part), join(copy, part), { recursive: true });
    symlinkSync(join(clone, "node_modules"), join(copy, "node_modules"));
    const { compilerOptions } = JSON.parse(readFileSync(join(clone, "tsconfig.json"), "utf8"));
    writeFileSync(join(copy, "tsconfig.json"), JSON.stringify({ compilerOptions, include: parts, exclude: [] }));
    for (const [file, from, to] of changes) {
      const text = readFileSync(join(copy, file), "utf8");
      assert.ok(text.includes(from), `${file} has no "${from}"`);
      writeFileSync(join(copy, file), text.replace(from, to));
    }
    const { stdout } = await execa(join(clone, "node_modules/.bin/tsc"), ["--project", copy], {
      cwd: copy,
      reject: false,
    });
    return [
      ...new Set([...stdout.matchAll(/^(\S+\.ts)\(\d+,\d+\): error/gm)].map(([, name]) => name as string)),
    ].sort();
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** The page that says what to change must name each file that the compiler asks for. */
const page = readFileSync(join(clone, "docs/adding-a-kind.md"), "utf8");

describe("a kind or a channel that only its declaration knows does not compile", function () {
  this.timeout("5m");

  it("a datastore's kind in its tables, nor without one of their answers", async () => {
    const declaration = "domain/declaration/datastore.ts";
    const schema = 'const mysqlSchema = z.strictObject({ ...redisSchema.shape, kind: z.literal("mysql") });';
    const files = await refused(
      product,
      [declaration, "export const datastoreSchema", `${schema}\n\nexport const datastoreSchema`],
      [declaration, 'discriminatedUnion("kind", [', 'discriminatedUnion("kind", [mysqlSchema, '],
      [declaration, "export type Datastore =", "export type Datastore = z.output<typeof mysqlSchema> |"],
    );
    assert.deepEqual(files, [
      "components/datastores/kinds.ts",
      "domain/backup/datastores/kinds.ts",
      "domain/environment/placedKinds.ts",
    ]);
    for (const file of files) assert.ok(page.includes(`\`${file}\``), file);
  });

  it("a channel in its settings, then in its table", async () => {
    const union: [string, string, string] = [
      "domain/values/severity.ts",
      "export const channels = [",
      'export const channels = ["matrix", ',
    ];
    const settings = "domain/environment/settings.ts";
    assert.ok((await refused(["domain"], union)).includes(settings));
    const end = "} satisfies Record<Channel, z.ZodType>";
    const files = await refused(["domain"], union, [
      settings,
      end,
      `matrix: optional(secretValue).describe("Matrix."),\n${end}`,
    ]);
    assert.deepEqual(files, ["domain/routing/channels.ts"]);
    for (const file of [settings, ...files]) assert.ok(page.includes(`\`${file}\``), file);
  });

  it("a new question about kinds in each kind", async () => {
    const opening = "export interface Kind<K extends DatastoreKind = DatastoreKind> {";
    const files = await refused(
      ["domain"],
      ["domain/backup/datastores/kind.ts", opening, `${opening}\n  asked: string;`],
    );
    for (const kind of ["configuration", "grafana", "postgres", "redis", "volume"])
      assert.ok(files.includes(`domain/backup/datastores/${kind}.ts`), kind);
  });
});
