import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { repository } from "./paths.ts";
import { Problem } from "./problem.ts";

/**
 * The settings of a stack, as its file has them.
 *
 * @throws Problem when the file is not YAML, or has no `config`
 */
export async function stackConfig(stack: string, folder = repository): Promise<Record<string, unknown>> {
  const file = `Pulumi.${stack}.yaml`;
  const document = parseDocument(await readFile(join(folder, file), "utf8"));
  const [error] = document.errors;
  if (error) {
    // The first line says what and where; the others quote the line.
    throw new Problem(
      `${file} cannot be read as YAML: ${error.message.split("\n")[0]?.replace(/:$/, "")}. Fix: correct that line`,
    );
  }
  const config = document.toJS()?.config;
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config;
  throw new Problem(
    `${file} has no settings; allowed: settings under config: (docs/settings.md). Fix: copy those of another stack's file`,
  );
}
