import { daily } from "../domain/schedule.ts";
import { assumed, backup, defineService, guide, postgres, secret } from "../domain/service.ts";

/** MPLP v1.0.0-alpha (guides: MPLP Maintenance Guide). */
export const mplp = defineService({
  name: "mplp",
  namespace: "mplp-production",
  owner: { team: "mplp-operations" },
  objectives: {
    recoveryPoint: assumed("26h"), // D-MP-36: the guide states none
    recoveryTime: assumed("4h"),
  },
  datastores: [
    postgres("main", {
      host: "postgresql",
      version: 17,
      database: "mplp_production",
      size: assumed("20Gi"),
      credentials: secret("postgresql-credentials"),
    }),
  ],
  backups: [
    backup("main", {
      job: "mplp-backup",
      schedule: guide(daily("02:00")),
      keep: guide("30d"),
      prefix: "database/",
      startingDeadline: "30m", // D-MP-22: the guide's job may start or hang at any time
      deadline: "45m",
    }),
  ],
});
