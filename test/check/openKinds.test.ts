import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

/** Where a new kind could be forgotten; the tests may name kinds as they like. */
const product = ["domain", "components", "programs", "policies", "services", "cli", "sandbox", "standins", "index.ts"];

type Change = [file: string, from: string, to: string];

interface CompileError {
  file: string;
  message: string;
}

/** What the compiler says once changes are made to a copy of some parts of the product. */
async function compiled(parts: string[], changes: Change[]): Promise<CompileError[]> {
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
    const { stdout } = await execa(join(clone, "node_modules/.bin/tsc"), ["--project", copy, "--pretty", "false"], {
      cwd: copy,
      reject: false,
    });
    return [...stdout.matchAll(/^(\S+\.ts)\(\d+,\d+\): error (.*(?:\n .*)*)/gm)].map(([, file, message]) => ({
      file: file as string,
      message: message as string,
    }));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** The files with an error that names a word. */
function filesNaming(errors: readonly CompileError[], word: string): string[] {
  return [...new Set(errors.flatMap(({ file, message }) => (message.includes(word) ? [file] : [])))].sort();
}

const declaration = "domain/declaration/datastore.ts";
const settings = "domain/environment/settings.ts";
const severity = "domain/values/severity.ts";
const schema = 'const mysqlSchema = z.strictObject({ ...redisSchema.shape, kind: z.literal("mysql") });';
const receivers = "domain/environment/receivers.ts";
const receiver = "} satisfies Record<Channel, z.ZodType>";

/** What only its declaration or its setting knows, by the name that the compiler should ask about. */
const added: Record<string, { changes: Change[]; asked: string[]; page: boolean }> = {
  mysql: {
    changes: [
      [declaration, "export const datastoreSchema", `${schema}\n\nexport const datastoreSchema`],
      [declaration, 'discriminatedUnion("kind", [', 'discriminatedUnion("kind", [mysqlSchema, '],
      [declaration, "export type Datastore =", "export type Datastore = z.output<typeof mysqlSchema> |"],
    ],
    asked: ["components/datastores/kinds.ts", "domain/backup/datastores/kinds.ts", "domain/environment/placedKinds.ts"],
    page: true,
  },
  matrix: {
    changes: [
      [severity, "export const channels = [", 'export const channels = [\n  "matrix",'],
      [receivers, receiver, `matrix: optional(secretValue).describe("Matrix."),\n${receiver}`],
    ],
    asked: ["domain/routing/channels.ts"],
    page: true,
  },
  workloadIdentity: {
    changes: [
      [
        settings,
        "export const identities = {",
        "export const identities = {\n  workloadIdentity: z.strictObject({ workloadIdentity: secretName }),",
      ],
    ],
    asked: ["domain/bucket/identities.ts"],
    page: true,
  },
  ReplicaSet: {
    changes: [["domain/declaration/workload.ts", '.enum(["Deployment", ', '.enum(["ReplicaSet", "Deployment", ']],
    asked: ["components/scaling/cluster.ts", "domain/kubernetes/workloadKinds.ts"],
    page: false,
  },
  managed: {
    changes: [[settings, '.enum(["upkeep", "shared"])', '.enum(["managed", "upkeep", "shared"])']],
    asked: ["components/alerting/alertRoutes.ts", "domain/environment/alertingOwners.ts"],
    page: false,
  },
  urgent: {
    changes: [[severity, "export const severities = [", 'export const severities = ["urgent", ']],
    asked: ["domain/routing/routes.ts"],
    page: false,
  },
};

/** The page that says what to change must name each file that the compiler asks for. */
const page = readFileSync(join(clone, "docs/adding-a-kind.md"), "utf8");

describe("a kind that only its declaration knows does not compile", function () {
  this.timeout("5m");
  let errors: CompileError[];

  // All in one run: each costs the check of the whole product.
  before(async () => {
    errors = await compiled(
      product,
      Object.values(added).flatMap(({ changes }) => changes),
    );
  });

  for (const [name, { asked, page: isOnPage }] of Object.entries(added)) {
    it(`${name} in its tables`, () => {
      assert.deepEqual(filesNaming(errors, `'${name}'`), asked);
      if (isOnPage) for (const file of asked) assert.ok(page.includes(`\`${file}\``), file);
    });
  }
});

describe("an answer that is left open does not compile", function () {
  this.timeout("5m");

  it("of a channel in the settings, nor a new question about kinds and about identities", async () => {
    const kind = "export interface Kind<K extends DatastoreKind = DatastoreKind> {";
    const identity = "export interface Identity {";
    const errors = await compiled(
      ["domain"],
      [
        [severity, "export const channels = [", 'export const channels = ["matrix", '],
        ["domain/backup/datastores/kind.ts", kind, `${kind}\n  priced: string;`],
        ["domain/bucket/identities.ts", identity, `${identity}\n  audited: string;`],
      ],
    );
    assert.ok(filesNaming(errors, "'matrix'").includes(receivers));
    assert.ok(page.includes(`\`${receivers}\``));
    const priced = filesNaming(errors, "'priced'");
    for (const name of ["configuration", "grafana", "postgres", "redis", "volume"])
      assert.ok(priced.includes(`domain/backup/datastores/${name}.ts`), name);
    assert.deepEqual(filesNaming(errors, "'audited'"), ["domain/bucket/identities.ts"]);
  });
});
