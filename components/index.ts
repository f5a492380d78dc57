/** The components as a library: what `import { … } from "upkeep"` gives. */
export * from "../domain/declaration.ts";
export { type Environment, parseEnvironment } from "../domain/environment.ts";
export { DeclarationError } from "../domain/fault.ts";
export { placed } from "../domain/placed.ts";
export { type Posture, posture } from "../domain/posture.ts";
export type { Service } from "../domain/service.ts";
export { AlertTest, type AlertTestArgs } from "./alerting/alertTest.ts";
export { BackupBucket, type BackupBucketArgs } from "./backup/backupBucket.ts";
export { PostgresBackup, type PostgresBackupArgs } from "./backup/postgresBackup.ts";
export { HealthMonitor, type HealthMonitorArgs } from "./health/healthMonitor.ts";
export { MaintenanceJob, type MaintenanceJobArgs } from "./jobs/maintenanceJob.ts";
export { RunbookJob, type RunbookJobArgs } from "./jobs/runbookJob.ts";
export { MaintainedService, type MaintainedServiceArgs } from "./service.ts";
