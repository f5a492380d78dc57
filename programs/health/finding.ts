import type { HealthCheck } from "../../domain/alerting/checks.ts";

/** What one check found. */
export interface Result {
  check: HealthCheck;
  ok: boolean;
  /** What it answered or, where it failed, a reason that a person can act on. */
  says: string;
  /** The alert that tells it, where it is not HealthCheckFailed. */
  alert?: BackupAlert;
}

export type BackupAlert = "BackupAgeHigh" | "BackupSuspect" | "BackupMissing";

export type Finding = Omit<Result, "check">;
