import { execa } from "execa";
import { Problem } from "../../cli/common/problem.ts";
import { kubectlCache, type Settings } from "../settings.ts";
import { tool } from "../tools/index.ts";
import { kubeconfigFile } from "./kubeconfig.ts";

/**
 * Runs kubectl as the administrator of the sandbox. It ignores the user's proxy settings.
 *
 * @returns its output
 * @throws Problem with what it said
 */
export async function kubectl(settings: Settings, args: readonly string[], input?: string): Promise<string> {
  const { failed, stdout, stderr, shortMessage } = await execa(
    await tool("kubectl"),
    ["--kubeconfig", kubeconfigFile(settings), ...args],
    {
      env: { NO_PROXY: settings.address, no_proxy: settings.address, ...kubectlCache(settings) },
      reject: false,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
    },
  );
  if (failed) throw new Problem(`kubectl ${args[0]}: ${stderr || shortMessage}`);
  return stdout;
}
