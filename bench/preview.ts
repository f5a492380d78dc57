import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { engineIn } from "../cli/engine.ts";
import type { Project, Step } from "./project.ts";

/** Result of one preview. */
export interface Cost {
  seconds: number;
  /** Peak memory of the program's Node, in MiB. */
  mebibytes: number;
}

/** Previews of a project in an empty account and cluster. */
export interface Previews {
  /** The steps that the engine would take. */
  steps(): Promise<Step[]>;
  /** @param pack folder of the policy pack to run */
  cost(pack?: string): Promise<Cost>;
}

/** Run in each Node of the program when it ends: the largest is the program itself. */
const peak = `
import { appendFileSync } from "node:fs";
process.on("exit", () => appendFileSync(new URL("peaks", import.meta.url), process.resourceUsage().maxRSS + "\\n"));
`;

export async function previews({ folder, configuration }: Project): Promise<Previews> {
  const nowhere = join(folder, "kubeconfig");
  await Promise.all([writeFile(nowhere, ""), writeFile(join(folder, "peak.mjs"), peak)]);
  const { environment } = await engineIn(folder, { KUBECONFIG: nowhere });
  const pulumi = (args: string[], options = "") =>
    execa("pulumi", args, {
      cwd: folder,
      env: { ...environment, NODE_OPTIONS: options },
      extendEnv: false,
      stdin: "ignore",
      maxBuffer: 2 ** 30,
    });
  await pulumi(["stack", "init", "prod", "--no-select"]).catch(() => undefined);
  const preview = ["preview", "--stack", "prod", "--config-file", configuration];
  return {
    async steps() {
      const { stdout } = await pulumi([...preview, "--json"]);
      return (JSON.parse(stdout) as { steps: Step[] }).steps;
    },
    async cost(pack) {
      const peaks = join(folder, "peaks");
      await writeFile(peaks, "");
      const start = performance.now();
      const judged = pack === undefined ? [] : ["--policy-pack", pack];
      await pulumi([...preview, "--non-interactive", ...judged], `--import=${join(folder, "peak.mjs")}`);
      const seconds = (performance.now() - start) / 1000;
      const kibibytes = (await readFile(peaks, "utf8")).split("\n").map(Number);
      return { seconds, mebibytes: Math.max(...kibibytes) / 1024 };
    },
  };
}
