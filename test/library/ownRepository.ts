import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { type Engine, engineIn } from "../../cli/engine.ts";

/** How a repository's TypeScript is set. */
export interface ModuleSetting {
  name: string;
  /** Differs from what `pulumi new aws-typescript` makes, which the example's tsconfig.json is. */
  compilerOptions: Record<string, unknown>;
  /** Of package.json. */
  type?: "module";
}

export const moduleSettings: ModuleSetting[] = [
  { name: "commonjs", compilerOptions: {} },
  { name: "node16", compilerOptions: { module: "node16", moduleResolution: "node16" } },
  { name: "nodenext", compilerOptions: { module: "nodenext", moduleResolution: "nodenext" } },
  {
    name: "esm",
    compilerOptions: { module: "nodenext", moduleResolution: "nodenext", rewriteRelativeImportExtensions: true },
    type: "module",
  },
];

/** The clone's own Node, and the first other one on PATH: what a machine has before anything is installed. */
export const nodes = {
  own: dirname(process.execPath),
  other: (process.env.PATH ?? "")
    .split(delimiter)
    .find((folder) => !folder.includes("node_modules") && existsSync(join(folder, "node"))) as string,
};

/** What a team installs beside the example's own packages: ts-node runs ES modules on a Node that strips no types. */
const packages = { typescript: "5.9.3", "ts-node": "10.9.2" };

const example = join(clone, "examples/own-repository");

/** Packs the library and installs it, with everything that the example needs, into a folder. @returns its node_modules */
export async function installPacked(folder: string): Promise<string> {
  const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: clone });
  const manifest = JSON.parse(readFileSync(join(example, "package.json"), "utf8"));
  const { devDependencies } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8"));
  const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };
  // The stand-ins have the versions of the clone's packages.
  for (const name of Object.keys(dependencies)) dependencies[name] = devDependencies[name] ?? dependencies[name];
  dependencies.upkeep = `file:${stdout.trim().split("\n").at(-1)}`;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies: { ...dependencies, ...packages } }));
  await execa("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  return join(folder, "node_modules");
}

/** A copy of the example, as a team's repository. */
export class OwnRepository {
  readonly folder: string;

  constructor(folder: string, modules: string, { compilerOptions, type }: ModuleSetting) {
    this.folder = folder;
    mkdirSync(folder);
    const files = [
      "Pulumi.yaml",
      "Pulumi.prod.yaml",
      "index.ts",
      "package.json",
      "policies",
      "services",
      "tsconfig.json",
    ];
    for (const file of files) cpSync(join(example, file), join(folder, file), { recursive: true });
    symlinkSync(modules, join(folder, "node_modules"));
    this.editJson("tsconfig.json", (config) => ({
      ...config,
      compilerOptions: { ...(config.compilerOptions as object), ...compilerOptions },
    }));
    if (type) {
      this.editJson("package.json", (manifest) => ({ ...manifest, type }));
      this.edit("index.ts", "./services/shop", "./services/shop.ts");
    }
  }

  edit(file: string, find: string, put: string): void {
    const text = readFileSync(join(this.folder, file), "utf8");
    if (!text.includes(find)) throw new Error(`${file} does not hold ${find}: the test edits what is not there`);
    writeFileSync(join(this.folder, file), text.replace(find, put));
  }

  private editJson(file: string, change: (content: Record<string, unknown>) => object): void {
    const path = join(this.folder, file);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")))));
  }
}

/** How the engine starts a program. */
export interface Start {
  /** Folder of the `node` that runs program and policy pack. */
  node: string;
  /** Pulumi's ts-node, which also judges types where it is set so, or Node itself. */
  runner: "ts-node" | "ts-node without types" | "node";
}

/** Environment variables by which Pulumi's host has itself set so. Ours is set not to use ts-node: see sandbox/tools/pulumi.ts. */
const runners: Record<Start["runner"], Record<string, string>> = {
  "ts-node": { PULUMI_NODEJS_TYPESCRIPT: "true" },
  "ts-node without types": { PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
  node: {},
};

export async function previewer(folder: string) {
  const engine: Engine = await engineIn(folder, { KUBECONFIG: "/dev/null" });
  return async ({ folder: cwd }: OwnRepository, { node, runner }: Start, ...flags: string[]) => {
    const PATH = [node, engine.environment.PATH].join(delimiter);
    const env = { ...engine.environment, ...runners[runner], PATH };
    const run = (...args: string[]) =>
      execa("pulumi", args, { cwd, env, extendEnv: false, stdin: "ignore", reject: false, all: true });
    await run("stack", "select", "--create", "prod");
    const pack = ["node_modules/upkeep/policies/upkeep", "--policy-pack-config", "policies/config/prod.json"];
    return run("preview", "--stack", "prod", "--policy-pack", ...pack, ...flags);
  };
}

/** What a preview would create, by URN in order. @throws where it fails, with what it printed */
export async function created(
  preview: Awaited<ReturnType<typeof previewer>>,
  repository: OwnRepository,
  start: Start,
): Promise<string[]> {
  const { stdout, all, exitCode } = await preview(repository, start, "--json");
  assert.equal(exitCode, 0, all);
  const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
  return steps
    .filter(({ op }) => op === "create")
    .map(({ urn }) => urn)
    .sort();
}
