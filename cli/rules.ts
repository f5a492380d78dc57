import { stringify } from "yaml";
import { knownStack, previewedResources } from "./preview.ts";
import { renderedRules } from "./renderedRules.ts";

/** `make rules STACK=…`: all rules of the stack as one rule file of Prometheus, which `promtool check rules` reads. */
export async function run([name]: string[]): Promise<void> {
  const resources = await previewedResources(await knownStack("rules", name));
  process.stdout.write(stringify({ groups: renderedRules(resources) }, { lineWidth: 0 }));
}
