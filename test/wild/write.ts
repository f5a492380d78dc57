import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { findingsIn, grouped } from "./findings.ts";
import { wildFiles } from "./objects.ts";

// `node test/wild/write.ts`, after a new version of a module or a change of a rule: read each line of the difference before you commit it.
const groups = grouped(findingsIn(await wildFiles()));
const head =
  "# What the policies find in published manifests, so that a change of a rule shows here. The kinds of findings were read; facts.ts holds what was taken from the manifests themselves, without the policies.\n";
await writeFile(join(import.meta.dirname, "expected.yaml"), head + stringify(groups, { lineWidth: 0 }));
