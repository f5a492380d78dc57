import { mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { clone } from "../cli/common/paths.ts";
import { declaredServices } from "../services/index.ts";
import { copyOfClone } from "../test/support/copyOfClone.ts";

/** A separate Pulumi project, beside the clone, with the same packages. */
export interface Project {
  folder: string;
  /** Its stack's file. */
  configuration: string;
}

/** The program as it is, or with more services: copies of the five under other names. */
export async function ours(services: number): Promise<Project> {
  const folder = await copyOfClone("upkeep-bench-");
  const declared = await declaredServices();
  const copies = Array.from({ length: services - declared.length }, (_, index) => ({
    of: declared[index % declared.length]?.name as string,
    number: Math.floor(index / declared.length) + 2,
  }));
  await writeFile(join(folder, "services/copies.ts"), copiesFile(copies));
  const configuration = join(folder, "Pulumi.prod.yaml");
  const { config } = parse(await readFile(configuration, "utf8"));
  config["upkeep:services"] = [
    ...declared.map(({ name }) => name),
    ...copies.map(({ of, number }) => `${of}-${number}`),
  ];
  await writeFile(configuration, stringify({ config }));
  return { folder, configuration };
}

/** Declares the copies, one export each. */
function copiesFile(copies: { of: string; number: number }[]): string {
  const originals = [...new Set(copies.map(({ of }) => of))];
  const variable = (name: string) => name.replaceAll("-", "_");
  return [
    'import type { Service } from "../domain/declaration/service.ts";',
    ...originals.map((name) => `import * as ${variable(name)} from "./${name}.ts";`),
    "function copy(file: Record<string, Service>, number: number): Service {",
    "  const service = Object.values(file)[0] as Service;",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of the program that is written
    "  const name = (text: string) => `${text}-${number}`;",
    "  return {",
    "    ...service,",
    "    name: name(service.name),",
    "    namespace: name(service.namespace),",
    "    backups: service.backups.map((one) => ({",
    "      ...one,",
    "      job: name(one.job),",
    "      ...(one.drill && { drill: { ...one.drill, job: name(one.drill.job) } }),",
    "    })),",
    "    ...(service.monitor && { monitor: { ...service.monitor, job: name(service.monitor.job) } }),",
    "  };",
    "}",
    ...copies.map(({ of, number }) => `export const ${variable(of)}${number} = copy(${variable(of)}, ${number});`),
    "",
  ].join("\n");
}

/** A resource as a preview shows it. */
export interface Step {
  op: string;
  urn: string;
  newState?: { type: string; custom: boolean; inputs?: Record<string, unknown> };
}

/** The engine's placeholder for an unknown value; most are policies, which must be JSON. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The yardstick's replacement for it, inside JSON. */
const STAND_IN = JSON.stringify('{"Version":"2012-10-17","Statement":[]}').slice(1, -1);

/** The yardstick: a bare program that registers the same resources one after the other. */
export async function flat(like: Project, steps: Step[]): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-bench-"));
  await symlink(join(clone, "node_modules"), join(folder, "node_modules"));
  const custom = steps.flatMap(({ urn, newState }) =>
    newState?.custom && !newState.type.startsWith("pulumi:")
      ? [{ type: newState.type, name: urn.split("::").at(-1), inputs: newState.inputs ?? {} }]
      : [],
  );
  await Promise.all([
    writeFile(join(folder, "Pulumi.yaml"), "name: flat\nruntime: nodejs\nmain: index.js\n"),
    writeFile(join(folder, "package.json"), '{ "name": "flat", "type": "module" }\n'),
    writeFile(join(folder, "resources.json"), JSON.stringify(custom).replaceAll(UNKNOWN, STAND_IN)),
    writeFile(join(folder, "Pulumi.prod.yaml"), await readFile(like.configuration)),
    writeFile(
      join(folder, "index.js"),
      [
        'import { readFileSync } from "node:fs";',
        'import * as aws from "@pulumi/aws";',
        'import * as kubernetes from "@pulumi/kubernetes";',
        'import * as pulumi from "@pulumi/pulumi";',
        'const resources = JSON.parse(readFileSync(new URL("resources.json", import.meta.url), "utf8"));',
        'const cluster = new kubernetes.Provider("cluster", { context: "prod" });',
        'const account = new aws.Provider("account", { region: "eu-central-1" });',
        "for (const { type, name, inputs } of resources) {",
        '  new pulumi.CustomResource(type, name, inputs, { provider: type.startsWith("aws:") ? account : cluster });',
        "}",
        "",
      ].join("\n"),
    ),
  ]);
  return { folder, configuration: join(folder, "Pulumi.prod.yaml") };
}
