/**
 * Checks what no Probe checks here, and posts every result, good or bad, to every replica of Alertmanager.
 * Where: Node's image. Environment: MONITOR, a MonitorConfiguration (domain/alerting/health.ts) as JSON.
 *
 * Ends with 0 when a replica accepted the results, good or bad: a failed check has its own alert, and a failed Job would page again for the
 * same problem. With 1 when none accepted them, with 2 when MONITOR is invalid.
 */
import type { MonitorConfiguration } from "../../domain/alerting/checks.ts";
import { type Alert, deliver } from "../alerting/alertmanager.ts";
import { checkKinds, run, titleOf } from "./checks.ts";
import type { BackupAlert, Result } from "./finding.ts";

/** Alertmanager resolves an alert only once its end has passed on its own clock, which may be behind this one. */
const CLOCK_DIFFERENCE_MS = 5000;

/** Summary and severity of each backup alert: a suspect run can wait for working hours, an old backup cannot. */
const backupAlerts: Record<BackupAlert, { severity: string; summary: string }> = {
  BackupAgeHigh: { severity: "critical", summary: "is too old" },
  BackupSuspect: { severity: "warning", summary: "is suspect" },
  BackupMissing: { severity: "warning", summary: "does not exist" },
};

const start = Date.now();
const configuration = read(process.env.MONITOR);
if (typeof configuration === "string") {
  console.error(`MONITOR cannot be read: ${configuration}`);
  process.exitCode = 2;
} else {
  const { checks, alertmanagers, deadline } = configuration;
  const results = (await Promise.all(checks.map(run))).flat();
  for (const { check, ok, says } of results) {
    console.log(`${ok ? "ok    " : "failed"}  ${check.name} (${check.kind} ${check.instance}): ${says}`);
  }
  const alerts = results.map((result) => alertOf(result, configuration));
  if (!(await deliver(alerts, alertmanagers, start + deadline * 1000))) {
    console.error(
      "nobody took the results: correct upkeep:monitoring.alertmanagers, or look why no Alertmanager answers",
    );
    process.exitCode = 1;
  }
}

/**
 * A result as an alert. A failed one lasts until the next result is due, so that it neither resolves between two runs nor outlives the
 * monitor; a good one resolves the alert of an earlier run, and otherwise has no effect in Alertmanager.
 */
function alertOf(
  { check, ok, says, alert }: Result,
  { labels, runbooks, dashboard, validFor }: MonitorConfiguration,
): Alert {
  const { name, instance } = check;
  const { severity, summary } = alert
    ? { ...backupAlerts[alert], summary: `${name} of ${labels.service} ${backupAlerts[alert].summary}` }
    : { severity: check.severity, summary: `${name} of ${labels.service} does not answer as it should` };
  const alertname = alert ?? "HealthCheckFailed";
  const now = Date.now();
  const time = (at: number) => new Date(at).toISOString();
  return {
    labels: { ...labels, alertname, severity, check: name, instance },
    annotations: {
      summary,
      description: `${titleOf(check)} ${instance}: ${says}.`,
      runbook_url: `${runbooks}/${alertname}.md`,
      ...(dashboard && { dashboard_url: dashboard }),
    },
    ...(ok
      ? { endsAt: time(now - CLOCK_DIFFERENCE_MS) }
      : { startsAt: time(now), endsAt: time(now + validFor * 1000) }),
  };
}

/** @returns the configuration, or why it is invalid */
function read(text: string | undefined): MonitorConfiguration | string {
  if (!text) return "it is not set";
  let read: MonitorConfiguration;
  try {
    read = JSON.parse(text) ?? {};
  } catch {
    return "it is not JSON";
  }
  const { checks, alertmanagers, validFor, deadline, labels } = read;
  if (!Array.isArray(checks) || checks.length === 0) return "it has no checks";
  const stray = checks.find(({ kind }) => !checkKinds.includes(kind));
  if (stray) return `check "${stray.name}" is of kind "${stray.kind}"; allowed: ${checkKinds.join(", ")}`;
  if (!Array.isArray(alertmanagers) || alertmanagers.length === 0) return "it names no Alertmanager";
  if (!(validFor > 0 && deadline > 0)) return "validFor and deadline must be seconds above 0";
  return labels?.service ? read : "it has no labels that name the service";
}
