import { readdir } from "node:fs/promises";
import type { Service } from "../domain/declaration/service.ts";
import { refuseFaults } from "../domain/values/fault.ts";

/** Every service that a file of this folder declares, by the files' names. */
export async function declaredServices(): Promise<Service[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".ts") && file !== "index.ts");
  const modules = await Promise.all(files.sort().map((file) => import(`./${file}`)));
  return modules.flatMap((module: Record<string, Service>) => Object.values(module));
}

/**
 * The services that a setting names.
 *
 * @throws DeclarationError naming each service that does not exist, and those that do
 */
export function enabledServices(declared: Service[], names: string[], setting = "upkeep:services"): Service[] {
  const known = declared.map(({ name }) => name);
  refuseFaults(
    setting,
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        code: "unknown-service",
        path: "a service",
        got: `"${name}"`,
        allowed: known.join(", "),
        fix: "correct the name, or declare it in services/",
      })),
  );
  return declared.filter(({ name }) => names.includes(name));
}
