import type { OwnJob } from "../../../domain/declaration/ownJob.ts";
import { jobPodsFaults } from "../../../domain/jobs/jobPods.ts";
import { jobFaults } from "../../../domain/jobs/maintenanceJob.ts";
import { ownJobFaults } from "../../../domain/jobs/ownJobs.ts";
import { readRules, unwatchedFaults } from "../../../domain/jobs/watched.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { reindexing, weekly } from "../../support/ownJob.ts";
import type { Room } from "../room.ts";

const { runs } = reindexing;
const times = { name: "backup", schedule: "*/30 * * * *", startingDeadline: "5m", deadline: "10m" };

const ownJob = (changes: Partial<OwnJob>) =>
  ownJobFaults({ windows: [weekly], ownJobs: [{ ...reindexing, ...changes }] }, environmentOf("prod"));
const success = 'kube_cronjob_status_last_successful_time{cronjob="backup"}';
const watchedBy = (...exprs: string[]) =>
  unwatchedFaults(
    { name: "backup", namespace: "shop" },
    readRules(exprs.map((expr) => ({ alert: "BackupStale", expr }))),
  );

export const room: Room = {
  title: "Jobs (domain/jobs)",
  sources: ["domain/jobs/*.ts"],
  examples: [
    { code: "backup-unwatched", faults: () => watchedBy() },
    {
      code: "backup-unwatched-while-suspended",
      faults: () => watchedBy(`time() - (${success} or vector(0)) > 9e4 unless kube_cronjob_spec_suspend == 1`),
    },
    { code: "backup-unwatched-before-first-success", faults: () => watchedBy(`time() - ${success} > 9e4`) },
    { code: "deadline-outlasts-interval", faults: () => jobFaults({ ...times, deadline: "30m" }) },
    { code: "cpu-limit-below-request", faults: () => jobPodsFaults({ resources: { limits: { cpu: "50m" } } }, "jobs") },
    { code: "starting-deadline-too-short", faults: () => jobFaults({ ...times, startingDeadline: "5s" }) },
    {
      code: "variable-declared-twice",
      faults: () => ownJob({ variables: { TOKEN: "x" }, secrets: { TOKEN: { secret: "shop-token", key: "token" } } }),
    },
    { code: "unknown-window", faults: () => ownJob({ runs: { ...runs, window: "nightly" } }) },
    { code: "run-outside-window", faults: () => ownJob({ runs: { ...runs, schedule: guide("30 3 * * 0") } }) },
    {
      code: "runs-cross-midnight",
      faults: () =>
        jobFaults({
          name: "drill",
          schedule: "0 22 1-7 * *",
          only: { weekday: "saturday" },
          startingDeadline: "30m",
          deadline: "91m",
        }),
    },
  ],
};
