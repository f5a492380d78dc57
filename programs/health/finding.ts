import type { HealthCheck } from "../../domain/alerting/checks.ts";

/** How long one check waits for an answer. */
export const CHECK_TIMEOUT_MS = 5000;

/** The result of one check. */
export interface Result {
  check: HealthCheck;
  ok: boolean;
  /** The answer or, after a failure, a reason that a person can act on. */
  says: string;
  /** Its alert, if not HealthCheckFailed. */
  alert?: BackupAlert;
}

export type BackupAlert = "BackupAgeHigh" | "BackupSuspect" | "BackupMissing";

export type Finding = Omit<Result, "check">;
