import { readdir } from "node:fs/promises";
import type { Service } from "../domain/declaration/service.ts";

/** Every service that a file of this folder declares, by the files' names. */
export async function declaredServices(): Promise<Service[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".ts") && file !== "index.ts");
  const modules = await Promise.all(files.sort().map((file) => import(`./${file}`)));
  return modules.flatMap((module: Record<string, Service>) => Object.values(module));
}
