import type { BesideOwner, Volume } from "../../declaration/datastore.ts";
import type { Backup, Service } from "../../declaration/service.ts";
import type { EnvironmentPart } from "../../environment/part.ts";
import { formatSeconds, seconds } from "../../values/duration.ts";
import { type Fault, redacted } from "../../values/fault.ts";
import { bytes } from "../../values/size.ts";

/** How a volume is read in an environment; undefined where it cannot be read there. */
export function readFrom(
  { from }: Volume,
  { features }: EnvironmentPart<"features.csiClones">,
): { cloneClass: string } | BesideOwner | undefined {
  if ("owner" in from || features.csiClones) return from;
  return from.otherwise;
}

/** Seconds in which a volume is read whole. @throws RangeError when a size cannot be read */
export function readingTime({ size, throughput }: Volume): number {
  return Math.ceil(bytes(size.value) / bytes(throughput.value));
}

/** That time as a sum for people: `22m 46s (200Gi at 150Mi a second)`. */
export function shownReadingTime(volume: Volume): string {
  return `${formatSeconds(readingTime(volume))} (${volume.size.value} at ${volume.throughput.value} a second)`;
}

/** What is wrong with a service's volumes, wherever it runs. */
export function volumeFaults({ datastores, backups }: Pick<Service, "datastores" | "backups">): Fault[] {
  return datastores.flatMap((datastore) => {
    if (datastore.kind !== "volume") return [];
    return [
      ...ownerFaults(datastore, `datastores "${datastore.name}"`),
      ...backups.flatMap((backup, index) =>
        backup.datastore === datastore.name ? deadlineFaults(datastore, backup, `backups[${index}].deadline`) : [],
      ),
    ];
  });
}

function ownerFaults({ uid, gid, from }: Volume, at: string): Fault[] {
  const numbers = Object.entries({ uid, gid })
    .filter(([, number]) => !Number.isInteger(number) || number < 1)
    .map(([name, number]) => ({
      code: "invalid-owner-id",
      path: `${at} ${name}`,
      got: redacted(number),
      allowed: "a whole number above 0: no job of ours runs as root",
      fix: "write the number that owns the files, as stat shows it in the service's pod",
    }));
  const labels = "owner" in from ? from.owner : from.otherwise?.owner;
  if (labels === undefined || Object.keys(labels).length > 0) return numbers;
  return [
    ...numbers,
    {
      code: "owner-without-label",
      path: `${at} from.owner`,
      got: "without a label",
      allowed: "labels that only the pods have that mount the volume",
      fix: 'write for example { app: "server" }',
    },
  ];
}

/** A run that finds everything new, as the first of a week does, has to end in time. */
function deadlineFaults(volume: Volume, { deadline }: Backup, path: string): Fault[] {
  try {
    if (readingTime(volume) <= seconds(deadline)) return [];
    return [
      {
        code: "deadline-shorter-than-backup",
        path,
        got: `${deadline}, and "${volume.name}" takes ${shownReadingTime(volume)}`,
        allowed: "no less than the declared size over the declared throughput",
        fix: "lengthen it with the schedule's gap, raise the throughput that the volume and the network really have, or leave the backup to the storage (unprotected: says how)",
      },
    ];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const fix = 'write for example assumed("100Mi")';
    return [
      {
        code: "size-unreadable",
        path: `datastores "${volume.name}" size or throughput`,
        got: "not readable",
        allowed: error.message,
        fix,
      },
    ];
  }
}

/** Volumes whose backup an environment's cluster cannot make. */
export function volumeSourceFaults(
  { datastores, backups }: Service,
  environment: EnvironmentPart<"name"> & EnvironmentPart<"features.csiClones">,
): Fault[] {
  return datastores.flatMap((datastore): Fault[] => {
    if (datastore.kind !== "volume" || !backups.some((backup) => backup.datastore === datastore.name)) return [];
    if (readFrom(datastore, environment)) return [];
    return [
      {
        code: "cluster-without-clones",
        path: `datastores "${datastore.name}" from`,
        got: `a clone, which upkeep:features.csiClones in Pulumi.${environment.name}.yaml says that the cluster cannot make`,
        allowed: "a clone where the cluster makes clones, or another way beside it",
        fix: 'add otherwise: { owner: { app: "…" } }, with the labels of the pods that mount it; or set csiClones to true where the CSI driver clones',
      },
    ];
  });
}
