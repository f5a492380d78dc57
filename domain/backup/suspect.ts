import type { Backup } from "../declaration/service.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { fraction, type Percent } from "../values/percent.ts";
import { readable } from "../values/readable.ts";

/** Default share by which a run may be smaller than the last good one. Assumed: no guide gives one. */
export const SHRINK: Percent = "50%";

/** Faults of a backup's `shrink` and `accepts`. @param path of the backup */
export function suspectFaults({ shrink = SHRINK, accepts }: Pick<Backup, "shrink" | "accepts">, path: string): Fault[] {
  return [
    ...(readable(() => fraction(shrink))
      ? []
      : [
          {
            code: "malformed-shrink",
            path: `${path}.shrink`,
            got: redacted(shrink) ?? "empty",
            allowed: "a share above 0% and at most 100%, at which no run is suspect",
            fix: `write for example "${SHRINK}"`,
          },
        ]),
    ...(accepts === undefined || RUN_NAME.test(accepts)
      ? []
      : [
          {
            code: "malformed-run-name",
            path: `${path}.accepts`,
            got: redacted(accepts) ?? "empty",
            allowed: "the name of a suspect run, <start>-<uid of its pod>, as its manifest has it without .json",
            fix: 'copy it from the log of the run, such as "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11"',
          },
        ]),
  ];
}

/** Names of backups: docs/backup-manifest.md. */
const RUN_NAME = /^\d{8}T\d{6}Z-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
