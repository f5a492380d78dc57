import { rm } from "node:fs/promises";
import { removeCgroups } from "./parts/cgroups.ts";
import { partsOf } from "./parts/index.ts";
import { removeNamespaces } from "./parts/namespaces.ts";
import { runningProcess, signalled } from "./processes.ts";
import type { Settings } from "./settings.ts";

const PATIENCE_MILLISECONDS = 20_000;

/** Ends every process of the sandbox and removes its network, mounts, cgroups and files. Fine when there is none. */
export async function stopSandbox(settings: Settings): Promise<void> {
  const parts = partsOf(settings);
  if (settings.node) {
    await removeNamespaces(settings);
    await removeCgroups(settings);
  } else {
    const pids = await Promise.all(parts.map(({ name }) => runningProcess(settings, name)));
    // Their files are removed next, so there is nothing to finish properly.
    await Promise.all(pids.map((pid) => pid && signalled(pid, "SIGKILL", PATIENCE_MILLISECONDS)));
    for (const part of parts) await part.remove?.(settings);
  }
  await rm(settings.directory, { recursive: true, force: true });
}
