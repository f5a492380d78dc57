import { execa } from "execa";
import type { Project } from "./project.ts";

/** Seconds of `make diff` and `make preview` of prod, measured in one project. */
export interface DiffCost {
  preview: number;
  /** With the base's preview cached. */
  cached: number;
  /** With both previews to make. */
  cold: number;
}

/** @param rounds each of one preview, one diff against a new commit, and one against the same: load affects all three */
export async function diffCosts({ folder }: Project, rounds: number): Promise<DiffCost[]> {
  const git = (...args: string[]) => execa("git", args, { cwd: folder });
  const author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"];
  const commit = () => git(...author, "commit", "--quiet", "--allow-empty", `--message=${performance.now()}`);
  await git("init", "--quiet");
  await git("add", "--all", "--", ":!node_modules", ":!.cache");
  const command = async (...args: string[]) => {
    const start = performance.now();
    await execa(process.execPath, ["cli/main.ts", ...args], { cwd: folder, stdin: "ignore" });
    return (performance.now() - start) / 1000;
  };
  const costs: DiffCost[] = [];
  for (let round = 0; round < rounds; round++) {
    await commit();
    costs.push({
      preview: await command("preview", "prod", "--json"),
      cold: await command("diff", "prod", "--base=HEAD"),
      cached: await command("diff", "prod", "--base=HEAD"),
    });
  }
  return costs;
}
