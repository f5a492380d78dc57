import type { z } from "zod";
import { type Fault, refuseFaults } from "../values/fault.ts";
import { definitionOf, exampleOf, type Finding, findings, nearest } from "../values/schemaFaults.ts";
import { settings } from "./settings.ts";

export type { Others } from "./others.ts";
export type { Receiver } from "./receivers.ts";

/** The settings of an environment, from the stack's configuration. */
export type Environment = z.output<typeof settings> & { name: string };

const PREFIX = "upkeep:";

/** The `upkeep:` settings among those of a stack, without that prefix. */
export function upkeepSettings(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), value]),
  );
}

/**
 * A stack's environment, from its whole configuration.
 *
 * @param config every setting of the stack, with its namespace, parsed from JSON where it is structured
 * @throws DeclarationError as parseEnvironment does, and for settings whose namespace is a misspelt `upkeep`
 */
export function stackEnvironment(stack: string, config: Record<string, unknown>): Environment {
  return parseEnvironment(stack, upkeepSettings(config), misspelt(stack, config));
}

function misspelt(stack: string, config: Record<string, unknown>): Fault[] {
  return Object.keys(config).flatMap((key) => {
    const [namespace = "", name = ""] = key.split(":");
    if (namespace === "upkeep" || !nearest(namespace, ["upkeep"])) return [];
    return [
      {
        code: "unknown-key",
        path: `${key} in Pulumi.${stack}.yaml`,
        got: "of a namespace that nothing reads",
        allowed: "settings that begin with upkeep:",
        fix: `did you mean ${PREFIX}${name}? Rename it`,
      },
    ];
  });
}

/**
 * @param name the stack's name
 * @param configuration the stack's `upkeep:` settings, parsed from JSON where they are structured
 * @throws DeclarationError naming each key, its value, what is allowed and how to fix it
 */
export function parseEnvironment(
  name: string,
  configuration: Record<string, unknown>,
  before: readonly Fault[] = [],
): Environment {
  const faults = findings(settings, configuration).map((finding) => faultOf(finding, name));
  refuseFaults(`environment "${name}"`, [...before, ...faults]);
  return { name, ...settings.parse(configuration, { jitless: true }) };
}

function faultOf({ code, path, got, allowed, fix, near, expected }: Finding, stack: string): Fault {
  const key = settingPath(path);
  const remove = `pulumi config rm --path ${quoted(key)} --stack ${stack}`;
  const set = expected
    ? setting(expected, key, stack)
    : near
      ? `did you mean ${near}? Rename it, or ${remove}`
      : remove;
  return { code, path: `${key} in Pulumi.${stack}.yaml`, got, allowed, fix: fix ?? set };
}

/** How to set it: by a command, or in the file if no command can. */
function setting(expected: z.ZodType, key: string, stack: string): string {
  const definition = definitionOf(expected);
  const command = (at: string, flags = "") => `pulumi config set --path ${quoted(at)} <value>${flags} --stack ${stack}`;
  if (definition.type === "array" && definitionOf(definition.element as z.ZodType).type === "string") {
    return command(`${key}[0]`);
  }
  if (["array", "object", "record", "union"].includes(definition.type)) {
    return `write in Pulumi.${stack}.yaml, for example: ${key}: ${exampleOf(expected)}`;
  }
  // Without the flag Pulumi would store a number.
  return command(key, /^"\d+"$/.test(exampleOf(expected)) ? " --type string" : "");
}

/** Quoted for a shell, only if necessary. */
function quoted(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path}'`;
}

/** A path as `pulumi config --path` reads it. */
function settingPath(path: PropertyKey[]): string {
  return path.reduce<string>((before, key, index) => {
    if (typeof key === "number") return `${before}[${key}]`;
    if (!/^[\w-]+$/.test(String(key))) return `${before}["${String(key)}"]`;
    return `${before}${index === 0 ? "" : "."}${String(key)}`;
  }, PREFIX);
}
