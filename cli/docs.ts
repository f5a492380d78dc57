import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { affinitySchema } from "../domain/declaration/affinity.ts";
import { continuousSchema } from "../domain/declaration/continuous.ts";
import {
  configurationSchema,
  grafanaSchema,
  postgresSchema,
  redisSchema,
  volumeSchema,
} from "../domain/declaration/datastore.ts";
import { endpointSchema } from "../domain/declaration/endpoint.ts";
import { jobPodsSchema } from "../domain/declaration/jobPods.ts";
import { alertSchema, backupSchema, serviceSchema } from "../domain/declaration/service.ts";
import { windowSchema } from "../domain/declaration/window.ts";
import { workloadSchema } from "../domain/declaration/workload.ts";
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
    "docs/declaration.md": declarationPage(),
    "docs/pulumi-stack.schema.json": `${JSON.stringify(stackFileSchema(settings, "upkeep:"), undefined, 2)}\n`,
  };
}

const GENERATED = "<!-- Written by `make docs` from the schemas: edit those. -->";

function settingsPage(): string {
  const sections = fieldsOf(settings).map(
    ([key]) =>
      `## \`upkeep:${key}\`\n\n${fieldTable(settings.pick({ [key]: true } as never), "upkeep:", [affinitySchema])}\n`,
  );
  return `# Settings of a stack

${GENERATED}

What differs per environment is in \`Pulumi.<stack>.yaml\`, under \`config\`. Everything is validated before anything is created: an error names the
key, its value, what is allowed and how to fix it. No setting holds a secret: pods and receivers refer to Kubernetes Secrets.

An editor with a YAML language server completes and checks these keys in a file that begins with

\`\`\`yaml
# yaml-language-server: $schema=docs/pulumi-stack.schema.json
\`\`\`

${sections.join("\n")}`;
}

/** Each part with a constructor has its own section. */
const sections = {
  "`postgres(name, { … })`": postgresSchema,
  "`redis(name, { … })`": redisSchema,
  "`configuration(name, { … })`": configurationSchema,
  "`grafana(name, { … })`": grafanaSchema,
  "`volume(name, { … })`": volumeSchema,
  "`rds`, `cloudNativePg` and `pgBackRest`: `continuous` of a PostgreSQL database": continuousSchema,
  "`deployment`, `statefulSet` and `daemonSet`": workloadSchema,
  "`endpoint(name, urls, { … })`": endpointSchema,
  "`backup(datastore, { … })`": backupSchema,
  "`jobs` of a service or a backup": jobPodsSchema,
  "`affinity` of jobs": affinitySchema,
  "`alert(name, { … })`": alertSchema,
  "`maintenanceWindow(name, { … })`": windowSchema,
};

function declarationPage(): string {
  const parts = Object.entries({ "`defineService({ … })`": serviceSchema, ...sections }).map(
    ([title, schema]) => `## ${title}\n\n${fieldTable(schema, "", Object.values(sections))}\n`,
  );
  return `# The declaration of a service

${GENERATED}

A file of \`services/\` exports what a service is and what it promises; [add a service](add-a-service.md) walks through one. It is validated whenever it is
read, by the library, \`make posture\`, a preview and \`up\` alike: an error names the field, its value, what is allowed and how to fix it; an unknown
key is refused. A value "with its origin" is written as \`guide(…)\`, or as \`assumed(…)\` where the guide gives none.

A file that does not load, or whose declaration has a fault, stops only the stacks that enable its service. A file that does not load is known by its
name: name it as its service.

${parts.join("\n")}`;
}
