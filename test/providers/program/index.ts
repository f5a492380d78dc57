import { readFileSync } from "node:fs";
import pulumi from "@pulumi/pulumi";
import type { Declaration, Program } from "../stack.ts";

/**
 * The program that every test of a stand-in deploys: what the file of the variable PROGRAM declares. Resources are plain, without their
 * package's classes, which take seconds to load; the provider is the package's own, because it reads environment variables.
 */
const {
  package: name,
  provider: args,
  resources,
} = JSON.parse(readFileSync(`${process.env["PROGRAM"]}`, "utf8")) as Program;

const { Provider } = (await import(`@pulumi/${name}/provider.js`)).default;
const provider = new Provider("provider", args);
const declared = new Map<string, pulumi.CustomResource>();
for (const declaration of resources) declared.set(declaration.name, declare(declaration));

function declare({ type, name, properties, options = {} }: Declaration): pulumi.CustomResource {
  const dependsOn = options.dependsOn?.map((other) => find(other)) ?? [];
  const inputs = resolve(properties) as pulumi.Inputs;
  // Outputs become properties of the resource only where the inputs name them.
  return new pulumi.CustomResource(type, name, { metadata: undefined, ...inputs }, { provider, ...options, dependsOn });
}

/** Replaces `{ $secret: value }` by a secret and `{ $output: [resource, property, ...] }` by that resource's output. */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== "object" || value === null) return value;
  if ("$secret" in value) return pulumi.secret(value.$secret);
  if ("$output" in value) {
    const [resource = "", ...path] = value.$output as string[];
    const output = (find(resource) as unknown as Record<string, pulumi.Output<unknown>>)[path[0] ?? ""];
    return pulumi.output(output).apply((root) => path.slice(1).reduce((at: any, step) => at?.[step], root));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
}

function find(name: string): pulumi.CustomResource {
  const resource = declared.get(name);
  if (!resource) throw new Error(`no resource "${name}" is declared before`);
  return resource;
}
