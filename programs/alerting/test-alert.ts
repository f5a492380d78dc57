/**
 * Posts an alert ReceiverTest to every replica of Alertmanager, so that a person can check that it reaches the right receivers.
 * Where: Node's image. Environment: RECEIVER_TEST, the alert's labels, its page and the replicas as JSON; SEVERITY.
 */
import { severities } from "../../domain/values/severity.ts";
import { deliver } from "./alertmanager.ts";

/** Longer than the group wait; then the alert resolves by itself. */
const LASTS_MS = 300_000;
const GIVE_UP_AFTER_MS = 60_000;

const severity = process.env.SEVERITY ?? "warning";
const { labels, runbook, dashboard, alertmanagers } = JSON.parse(process.env.RECEIVER_TEST ?? "{}");
const now = Date.now();
if (!(severities as readonly string[]).includes(severity)) {
  console.error(`SEVERITY is "${severity}"; allowed: ${severities.join(", ")}`);
  process.exitCode = 2;
} else if (!(await deliver([testAlert()], alertmanagers, now + GIVE_UP_AFTER_MS))) {
  console.error("nobody took the alert: correct upkeep:monitoring.alertmanagers, or look why no Alertmanager answers");
  process.exitCode = 1;
} else {
  console.log(
    `the alert is of severity ${severity} for ${labels.service}: within a few minutes it is where such alerts go, or a route is wrong`,
  );
}

function testAlert() {
  return {
    // Each run is an alert of its own: Alertmanager would take a second one for the first, and not notify again.
    labels: { ...labels, alertname: "ReceiverTest", severity, run: new Date(now).toISOString() },
    annotations: {
      summary: `A test of where alerts of ${labels.service} go: nothing is wrong`,
      description: `Somebody asked for this alert to see whether it arrives. It ends by itself after ${LASTS_MS / 60_000} minutes.`,
      runbook_url: runbook,
      ...(dashboard && { dashboard_url: dashboard }),
    },
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + LASTS_MS).toISOString(),
  };
}
