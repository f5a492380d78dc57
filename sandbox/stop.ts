import { rm } from "node:fs/promises";
import { removeCgroups } from "./parts/cgroups.ts";
import { partsOf } from "./parts/index.ts";
import { removeNamespaces } from "./parts/namespaces.ts";
import { runningProcess, signalled } from "./processes.ts";
import { type Settings, settings as slotSettings } from "./settings.ts";

const PATIENCE_MILLISECONDS = 20_000;

/** Ends every process of the sandbox and removes its network, mounts, cgroups and files. Does nothing if there is none. */
export async function stopSandbox(settings: Settings): Promise<void> {
  if (settings.node) {
    await removeNamespaces(settings);
    await removeCgroups(settings);
  }
  // Outside of namespaces run the parts that an ordinary user started, also when it is root who stops them.
  const outside = slotSettings(String(settings.slot), false);
  await Promise.all(
    partsOf(outside).map(async (part) => {
      const pid = await runningProcess(settings, part.name);
      // Its files are removed next, so there is nothing to finish properly.
      if (pid) await signalled(pid, "SIGKILL", PATIENCE_MILLISECONDS);
      if (pid || !settings.node) await part.remove?.(outside);
    }),
  );
  await rm(settings.directory, { recursive: true, force: true });
}
