import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Service } from "../../domain/declaration/service.ts";
import { copyOfClone } from "./copyOfClone.ts";

/**
 * A copy of the clone whose services/ holds these alone: what is judged is the program, whichever services the repository has.
 *
 * @param name what the folder's name begins with
 */
export async function copyWith(name: string, ...services: Service[]): Promise<string> {
  const folder = await copyOfClone(name);
  const declared = join(folder, "services");
  const files = (await readdir(declared)).filter((file) => file !== "index.ts");
  await Promise.all(files.map((file) => rm(join(declared, file))));
  await Promise.all(services.map((service) => declareIn(folder, service)));
  return folder;
}

/** Writes a service's file, or replaces it. */
export async function declareIn(folder: string, service: Service): Promise<void> {
  await writeFile(join(folder, `services/${service.name}.ts`), `export default ${JSON.stringify(service)};\n`);
}

/** Lets a stack enable these services alone, as they are declared. */
export async function enableIn(folder: string, stack: string, services: string[]): Promise<void> {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  const { config, ...rest } = parse(await readFile(path, "utf8"));
  const enabled = { ...config, "upkeep:services": services, "upkeep:differs": {} };
  await writeFile(path, stringify({ ...rest, config: enabled }));
}
