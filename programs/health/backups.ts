import type { BackupCheck } from "../../domain/alerting/checks.ts";
import { formatSeconds } from "../../domain/values/duration.ts";
import { Bucket } from "../s3/client.ts";
import type { Finding } from "./finding.ts";

/** S3 is retried while it does not answer, but the monitor's other results must not wait for it. */
const LISTING_TIMEOUT_MS = 20_000;

/** What the names of a backup's manifests say. */
interface Newest {
  good?: Date;
  suspect?: Date;
}

/**
 * Lists a backup's manifests and takes from their names alone when the newest run began: a successful Job that left nothing in S3 is not
 * a backup.
 */
export async function askBackup(check: BackupCheck): Promise<Finding[]> {
  const giveUp = AbortSignal.timeout(LISTING_TIMEOUT_MS);
  let newest: Newest;
  try {
    newest = await newestOf(check, giveUp);
  } catch (error) {
    // Its age is unknown: an alert of an earlier run lasts until it expires.
    const seconds = LISTING_TIMEOUT_MS / 1000;
    const says = giveUp.aborted ? `S3 gives no whole list within ${seconds} s` : (error as Error).message;
    return [{ ok: false, says }];
  }
  return [{ ok: true, says: "its manifests can be listed" }, ageOf(check, newest), suspectOf(newest), anyOf(newest)];
}

async function newestOf({ bucket, manifests }: BackupCheck, giveUp: AbortSignal): Promise<Newest> {
  const newest: Newest = {};
  for await (const { key } of new Bucket(bucket, giveUp).list(manifests)) {
    const began = beganAt(key);
    if (!began) continue;
    const kind = key.startsWith(`${manifests}suspect/`) ? "suspect" : "good";
    if (began > (newest[kind] ?? 0)) newest[kind] = began;
  }
  return newest;
}

/** A manifest's name begins with its run's start: `20261126T020000Z-<pod>.json`. */
function beganAt(key: string): Date | undefined {
  const [, year, month, day, hour, minute, second] =
    /\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[^/]+\.json$/.exec(key) ?? [];
  return year ? new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) : undefined;
}

function ageOf({ maximumAge, recoveryPoint }: BackupCheck, { good }: Newest): Finding {
  const alert = "BackupAgeHigh";
  // Whether there should be one already, only the job's own alerts know.
  if (!good) return { alert, ok: true, says: "there is none whose age could be too high" };
  const seconds = Math.floor((Date.now() - good.getTime()) / 1000);
  const says = `the newest good one began ${time(good)}, ${formatSeconds(seconds - (seconds % 60))} ago`;
  return seconds <= maximumAge
    ? { alert, ok: true, says }
    : {
        alert,
        ok: false,
        says: `${says}; as scheduled it is never older than ${formatSeconds(maximumAge)}, and ${recoveryPoint} are promised`,
      };
}

function suspectOf({ good, suspect }: Newest): Finding {
  const alert = "BackupSuspect";
  if (!suspect || (good && good > suspect)) return { alert, ok: true, says: "the newest one is not suspect" };
  const last = good ? `the last good one began ${time(good)}` : "there is no good one";
  return {
    alert,
    ok: false,
    says: `the newest one, which began ${time(suspect)}, is suspect: it holds much less; ${last}`,
  };
}

function anyOf({ good, suspect }: Newest): Finding {
  const alert = "BackupMissing";
  return good || suspect
    ? { alert, ok: true, says: "there are manifests" }
    : { alert, ok: false, says: "there is no manifest at all: nothing can be restored" };
}

function time(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}
