import { partsOf } from "./parts/index.ts";
import type { Settings } from "./settings.ts";

/** What `make up` runs itself: the engine, and the clients that its screen names. */
const clients = ["pulumi", "kubectl", "aws"];

/** What it runs itself for a node: the image of a pod's sandbox, and containerd's client. */
const nodeClients = ["pause", "ctr"];

/**
 * The tools that `make up` uses, and so builds or fetches: each program of a part, and those that it runs itself. Whatever
 * else sandbox/tools knows is built by the suite of test/suites.json that names it.
 */
export function toolsOfUp(settings: Settings): string[] {
  const ofParts = partsOf(settings).flatMap(({ program, programsOnPath = [] }) => [program, ...programsOnPath]);
  return [...new Set([...clients, ...(settings.node ? nodeClients : []), ...ofParts])];
}
