import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "./engine.ts";

/** What `pulumi preview --import-file` writes for each resource that the state lacks. */
interface ImportFile {
  nameTable?: Record<string, string>;
  resources: { type: string; name: string; id?: string; parent?: string; provider?: string; component?: boolean }[];
}

/** A resource that the program wants to create. */
export interface Wanted {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/**
 * Imports what exists already into the state, under the components that the program declares it in, so that the next `up` updates
 * it instead of failing to create it.
 *
 * @param idOf the id under which a wanted resource may exist; undefined for one that is not to be imported
 * @returns the ids that were imported, and those that were not, each with what the engine said
 */
export async function importExisting(
  engine: Engine,
  stack: string,
  idOf: (wanted: Wanted) => string | undefined,
  protect: boolean,
): Promise<{ imported: string[]; refused: { id: string; why: string }[] }> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-import-"));
  const outcome = { imported: [] as string[], refused: [] as { id: string; why: string }[] };
  try {
    const file = join(folder, "import.json");
    const digest = JSON.parse(await engine.ask(["preview", "--stack", stack, "--json", "--import-file", file])) as {
      steps: { op: string; urn: string; newState?: { type: string; inputs?: Record<string, unknown> } }[];
    };
    const { nameTable, resources } = JSON.parse(await readFile(file, "utf8")) as ImportFile;
    for (const { op, urn, newState } of digest.steps) {
      const name = urn.split("::").at(-1) as string;
      const resource = resources.find((one) => one.type === newState?.type && one.name === name);
      if (op !== "create" || !newState || !resource) continue;
      const id = idOf({ type: newState.type, name, inputs: newState.inputs ?? {} });
      if (id === undefined) continue;
      await writeFile(
        file,
        JSON.stringify({ nameTable, resources: [...ancestors(resources, resource), { ...resource, id }] }),
      );
      const flags = ["--yes", "--skip-preview", `--protect=${protect}`, "--generate-code=false"];
      // What does not exist cannot be imported; `up` creates it.
      await engine.ask(["import", "--file", file, "--stack", stack, ...flags]).then(
        () => outcome.imported.push(id),
        (error: Error) => outcome.refused.push({ id, why: error.message }),
      );
    }
    return outcome;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The components and the provider that a resource needs and that the state lacks as well. */
function ancestors(
  resources: ImportFile["resources"],
  { parent, provider }: ImportFile["resources"][number],
): ImportFile["resources"] {
  return resources
    .filter(
      ({ name, type, component }) =>
        (component && name === parent) || (type.startsWith("pulumi:providers:") && name === provider),
    )
    .flatMap((found) => [...ancestors(resources, found), found]);
}
