import { execa } from "execa";
import type { Settings } from "../settings.ts";
import { tool } from "../tools.ts";
import { kubeconfigFile } from "./kubeconfig.ts";

/**
 * Runs kubectl as the administrator of the sandbox. A proxy of the user's is none of its way.
 *
 * @returns its output
 * @throws Error with what it said on stderr
 */
export async function kubectl(settings: Settings, args: readonly string[], input?: string): Promise<string> {
  const { stdout } = await execa(await tool("kubectl"), ["--kubeconfig", kubeconfigFile(settings), ...args], {
    env: { NO_PROXY: settings.address, no_proxy: settings.address },
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  return stdout;
}
