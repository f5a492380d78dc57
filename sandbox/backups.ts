import { Problem } from "../cli/common/problem.ts";
import { sandboxEngine } from "../cli/engine.ts";
import { backUpOnce, deployedPosture } from "./firstBackups.ts";
import { settings } from "./settings.ts";

/** `make backups`: runs each backup of the sandbox once, instead of waiting for its schedule. */
export async function run(): Promise<void> {
  const sandbox = settings();
  if (!sandbox.node) throw new Problem("no pod runs here, for only root can start a node; run make up as root first");
  await backUpOnce(sandbox, await deployedPosture(await sandboxEngine()));
}
