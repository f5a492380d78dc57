import type { Datastore } from "../declaration/datastore.ts";
import type { Backup } from "../declaration/service.ts";
import { formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { bytes } from "../values/size.ts";
import type { Transfer } from "./datastores/kind.ts";
import { kindOf } from "./datastores/kinds.ts";

/**
 * The seconds that one attempt takes at the declared size. The declared throughput covers reading, reading back and putting into S3.
 *
 * @throws RangeError when the size or the throughput cannot be read
 */
function transferSeconds({ size, throughput }: Transfer): number {
  return Math.ceil(bytes(size.value) / bytes(throughput.value));
}

/** That time as a sum for people: `10m 40s (20Gi at 32Mi a second)`. @throws RangeError when the size or the throughput cannot be read */
export function shownTransferTime(transfer: Transfer): string {
  const { size, throughput } = transfer;
  return `${formatSeconds(transferSeconds(transfer))} (${size.value} at ${throughput.value} a second)`;
}

/** Faults of a backup whose deadline is too short for the declared size. @param path of the backup */
export function throughputFaults(datastore: Datastore, backup: Backup, path: string): Fault[] {
  const { reads, instead = 'unprotected: "<what protects it>"' } = kindOf(datastore);
  const transfer = reads(datastore);
  if (transfer === undefined) return [];
  const takes = transferSeconds(transfer);
  if (takes < seconds(backup.deadline)) return [];
  return [
    {
      code: "deadline-shorter-than-backup",
      path: `${path}.deadline`,
      got: `${backup.deadline}, and a run over "${datastore.name}" takes ${shownTransferTime(transfer)}`,
      allowed: `more than ${formatSeconds(takes)}`,
      fix: `lengthen it, declare a throughput that was measured, or declare ${instead} (docs/throughput.md)`,
    },
  ];
}
