import { readdir } from "node:fs/promises";
import { BrokenService, type Declared, judged, nameOf } from "../domain/declaration/broken.ts";
import { shapeFaults } from "../domain/declaration/parse.ts";
import type { Service } from "../domain/declaration/service.ts";
import { DeclarationError } from "../domain/values/fault.ts";

/**
 * Every service that a file of this folder declares, by the files' names. A file that does not load, or declares something else, stops only
 * a stack that enables a service of it: of a file that does not load, the one that is named as the file.
 */
export async function loadServices(folder = import.meta.dirname): Promise<Declared[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts") && file !== "index.ts");
  return (await Promise.all(files.sort().map((file) => load(folder, file)))).flat();
}

async function load(folder: string, file: string): Promise<Declared[]> {
  const name = file.replace(/\.ts$/, "");
  try {
    const module: Record<string, unknown> = await import(`${folder}/${file}`);
    return Object.values(module).map((declaration) =>
      // Whatever has a name is judged with the stack that enables it; what has none is its file's.
      nameOf(declaration, "") ? (declaration as Service) : new BrokenService(name, shapeFaults(declaration)),
    );
  } catch (error) {
    const { name: kind, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    return [
      new BrokenService(name, [
        {
          code: "file-does-not-load",
          path: `services/${file}`,
          got: `a file that does not load: ${kind}: ${message.split("\n")[0]}`,
          allowed: "a module that exports services, as docs/add-a-service.md shows one",
          fix: "correct it; an editor with TypeScript shows the place",
        },
      ]),
    ];
  }
}

/** All services of this folder. @throws DeclarationError where one is broken */
export async function declaredServices(): Promise<Service[]> {
  const { services, broken } = judged(await loadServices());
  const [first] = broken;
  if (first) throw new DeclarationError(`service "${first.name}"`, first.faults);
  return services;
}
