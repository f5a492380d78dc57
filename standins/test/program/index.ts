import { readFileSync } from "node:fs";
import pulumi from "@pulumi/pulumi";
import type { Declaration, Program } from "../stack.ts";

/**
 * The program that every test of a stand-in deploys: what the file named by the variable PROGRAM declares. Resources are plain, without
 * their package's classes, which take seconds to load; the provider is the package's own, because it reads environment variables.
 */
const program: Program = JSON.parse(readFileSync(String(process.env.PROGRAM), "utf8"));

class Resource extends pulumi.CustomResource {}

const { Provider } = (await import(`@pulumi/${program.package}/provider.js`)).default;
const provider: pulumi.ProviderResource = new Provider("provider", program.provider);
const declared = new Map<string, Resource>();
for (const declaration of program.resources) declared.set(declaration.name, declare(declaration));

function declare({ type, name, properties, outputs = [], dependsOn = [], options }: Declaration): Resource {
  // A property that is not an input becomes an output only if the constructor gets its name.
  const others = Object.fromEntries(outputs.map((output) => [output, undefined]));
  const inputs = resolve(properties) as pulumi.Inputs;
  return new Resource(type, name, { ...others, ...inputs }, { ...options, provider, dependsOn: dependsOn.map(find) });
}

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== "object" || value === null) return value;
  if ("$secret" in value) return pulumi.secret(value.$secret);
  if ("$output" in value) return outputOf(value.$output as string[]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
}

interface Lifted {
  [property: string]: Lifted;
}

/** As a program writes it: `bucket.metadata.uid`, which is known where its neighbours are not. */
function outputOf([name = "", ...path]: string[]): unknown {
  return path.reduce((value, step) => value[step] as Lifted, find(name) as unknown as Lifted);
}

function find(name: string): Resource {
  const resource = declared.get(name);
  if (!resource) throw new Error(`no resource "${name}" is declared before`);
  return resource;
}
