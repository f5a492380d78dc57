import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";

// biome-ignore lint/suspicious/noExplicitAny: YAML of a page, read at paths that the assertions name
type Fields = Record<string, any>;

const page = readFileSync(join(clone, "docs/kube-prometheus-stack.md"), "utf8");
const blocks = [...page.matchAll(/```yaml\n# (.*)\n([\s\S]*?)```/g)].map(([, file = "", text = ""]) => ({
  file,
  text,
}));

/** The parsed blocks of docs/kube-prometheus-stack.md whose first comment is `file`. */
export function blocksOf(file: string): Fields[] {
  const found = blocks.filter((block) => block.file === file).map(({ text }) => parse(text) as Fields);
  if (found.length === 0) throw new Error(`the page has no block of ${file}`);
  return found;
}

/** The name of the Helm release, by which the chart selects by default. */
export const release = /helm upgrade --install (\S+)/.exec(page)?.[1] ?? "";

/** The stack's settings for an Alertmanager of Upkeep's own. */
export const ownAlerting: unknown = blocksOf("Pulumi.<stack>.yaml, owner upkeep")[0]?.["upkeep:alerting"];
