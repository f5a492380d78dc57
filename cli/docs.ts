import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { settings } from "../domain/environment/settings.ts";
import { fieldsOf, fieldTable, stackFileSchema } from "../domain/values/reference.ts";
import { clone } from "./common/paths.ts";

/** `make docs`: writes what docs/ says of settings and declarations, from their schemas. */
export async function run(): Promise<void> {
  for (const [file, text] of Object.entries(pages())) {
    await writeFile(join(clone, file), text);
    process.stdout.write(`${file}\n`);
  }
}

/** What each generated file holds, by its path in the clone. */
export function pages(): Record<string, string> {
  return {
    "docs/settings.md": settingsPage(),
    "docs/pulumi-stack.schema.json": `${JSON.stringify(stackFileSchema(settings, "upkeep:"), undefined, 2)}\n`,
  };
}

const GENERATED = "<!-- Written by `make docs` from the schemas: edit those. -->";

function settingsPage(): string {
  const sections = fieldsOf(settings).map(
    ([key]) => `## \`upkeep:${key}\`\n\n${fieldTable(settings.pick({ [key]: true } as never), "upkeep:")}\n`,
  );
  return `# Settings of a stack

${GENERATED}

What differs per environment is in \`Pulumi.<stack>.yaml\`, under \`config\`. Everything is judged before anything is created: an error names the
key, its value, what is allowed and how to fix it. No setting holds a secret: pods and receivers refer to Kubernetes Secrets.

An editor with a YAML language server completes and checks these keys in a file that begins with

\`\`\`yaml
# yaml-language-server: $schema=docs/pulumi-stack.schema.json
\`\`\`

${sections.join("\n")}`;
}
