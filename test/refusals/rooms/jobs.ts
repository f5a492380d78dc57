import { jobPodsFaults } from "../../../domain/jobs/jobPods.ts";
import { jobFaults } from "../../../domain/jobs/maintenanceJob.ts";
import type { Room } from "../room.ts";

const times = { name: "backup", schedule: "*/30 * * * *", startingDeadline: "5m", deadline: "10m" };

export const room: Room = {
  title: "Jobs (domain/jobs)",
  sources: ["domain/jobs/*.ts"],
  examples: [
    { code: "deadline-outlasts-interval", faults: () => jobFaults({ ...times, deadline: "30m" }) },
    { code: "cpu-limit-below-request", faults: () => jobPodsFaults({ resources: { limits: { cpu: "50m" } } }, "jobs") },
    { code: "starting-deadline-too-short", faults: () => jobFaults({ ...times, startingDeadline: "5s" }) },
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
