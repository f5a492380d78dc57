import { duplicates } from "../../../domain/values/duplicates.ts";
import { MisshapenError, shaped } from "../../../domain/values/shape.ts";
import { scheduleFaults } from "../../../domain/values/weekdayGuard.ts";
import type { Room } from "../room.ts";

export const room: Room = {
  title: "Values (domain/values)",
  sources: ["domain/values/{duplicates,schedule,shape,weekdayGuard}.ts"],
  examples: [
    { code: "duplicate-name", faults: () => duplicates("backups", ["nightly", "nightly"]) },
    ...["* * * *", "0 25 * * *", "0 5-2 * * *", "*/0 * * * *", "0 1-2-3 * * *"].map((text) => ({
      code: "schedule-unreadable",
      faults: () => scheduleFaults(text),
    })),
    { code: "value-misshapen", faults: () => misshapen({ deadline: "300" }) },
    { code: "value-misshapen", faults: () => misshapen({ containers: "redis" }) },
    { code: "schedule-drifts", faults: () => scheduleFaults("@every 1h") },
    { code: "schedule-never-runs", faults: () => scheduleFaults("0 0 30 2 *") },
    { code: "schedule-never-runs", faults: () => scheduleFaults("0 6 * * 0", { weekday: "saturday" }) },
    { code: "schedule-days-joined", faults: () => scheduleFaults("0 6 1-7 * 6") },
    { code: "schedule-days-joined", faults: () => scheduleFaults("0 6 1-7 * mon,fri") },
  ],
};

/** The fault of reading a job's fields. */
function misshapen(written: object) {
  const job = shaped<Record<string, unknown>>(written, { deadline: "number", containers: [{}] });
  return Object.keys(job).flatMap((field) => {
    try {
      return job[field] ? [] : [];
    } catch (error) {
      return error instanceof MisshapenError ? [error.fault] : [];
    }
  });
}
