import { rm } from "node:fs/promises";
import { removeCgroups } from "./parts/cgroups.ts";
import { partsOf } from "./parts/index.ts";
import { removeNamespaces } from "./parts/namespaces.ts";
import { endProcess, runningProcess } from "./processes.ts";
import type { Settings } from "./settings.ts";

/** Ends every process of the sandbox and removes its network, mounts, cgroups and files. Fine when there is none. */
export async function stopSandbox(settings: Settings): Promise<void> {
  const parts = partsOf(settings);
  if (settings.node) {
    await removeNamespaces(settings);
    await removeCgroups(settings);
  } else {
    const pids = await Promise.all(parts.map(({ name }) => runningProcess(settings, name)));
    await Promise.all(pids.map((pid) => pid && endProcess(pid)));
    for (const part of parts) await part.remove?.(settings);
  }
  await rm(settings.directory, { recursive: true, force: true });
}
