import type { BesideOwner, Volume } from "../../declaration/datastore.ts";
import type { EnvironmentPart } from "../../environment/part.ts";
import type { Fault } from "../../values/fault.ts";
import type { Kind, KindEnvironment } from "./kind.ts";

/** A chunk is put once per ISO week, and every manifest of that week names it: it may be this much older than they are. */
const EPOCH_DAYS = 7;

export const volume = {
  faultsIn: sourceFaults,
  // The first run of a week finds everything new.
  reads: ({ size, throughput }) => ({ size, throughput }),
  scratch: () => undefined,
  lag: () => undefined,
  steps: { backup: ["backup", "publish"], drill: ["fetch", "drill"], restore: ["fetch", "restore"] },
  dataAge: EPOCH_DAYS,
  continuous: () => undefined,
  drilled: true,
  restored: true,
  sql: false,
  server: () => undefined,
  holds: ({ files, chunks }: { files: number; chunks: number }) => `${files} files in ${chunks} chunks`,
} as const satisfies Kind<"volume">;

/** How a volume is read in an environment; undefined if it cannot be read there. */
export function readFrom(
  { from }: Volume,
  { features }: EnvironmentPart<"features.csiClones">,
): { cloneClass: string } | BesideOwner | undefined {
  if ("owner" in from || features.csiClones) return from;
  return from.otherwise;
}

function sourceFaults(volume: Volume, environment: KindEnvironment): Fault[] {
  if (readFrom(volume, environment)) return [];
  return [
    {
      code: "cluster-without-clones",
      path: `datastores "${volume.name}" from`,
      got: `a clone, which the cluster cannot make according to upkeep:features.csiClones in Pulumi.${environment.name}.yaml`,
      allowed: "a clone if the cluster makes clones, or a fallback",
      fix: 'add otherwise: { owner: { app: "…" } }, with the labels of the pods that mount it; or set csiClones to true where the CSI driver clones',
    },
  ];
}
