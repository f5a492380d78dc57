import { alertRuleFaults } from "../../../domain/prometheus/alertRules.ts";
import { runCheck } from "../../../domain/values/attempt.ts";
import { set } from "../../policies/set.ts";
import type { Example, Room } from "../room.ts";

/** A fresh alert that nothing is wrong with. */
const alert = () => ({
  alert: "BackupStale",
  expr: "time() - last > 90900",
  for: "5m",
  labels: { severity: "critical", service: "shop", namespace: "store" },
  annotations: {
    summary: "The backup is old",
    description: "It is {{ $value }} s old.",
    runbook_url: "https://upkeep.example.com/runbooks/BackupStale.md",
  },
});

/** Of the alert with one value changed, undefined removing. */
const changed = (code: string, path: string, value?: unknown): Example => ({
  code,
  faults: () => alertRuleFaults([{ rules: [set(alert(), path, value)] }]),
});

/** The same, by the rules for everyone. */
const core = (code: string, path: string, value?: unknown): Example => ({
  code,
  faults: () => alertRuleFaults([{ rules: [set(alert(), path, value)] }], "groups", runCheck, "core"),
});

export const room: Room = {
  title: "Rules of Prometheus (domain/prometheus)",
  sources: ["domain/prometheus/*.ts"],
  examples: [
    changed("rule-without-expression", "expr"),
    core("expression-unreadable", "expr", "sum(rate(x[5m])"),
    core("rule-without-name", "alert"),
    core("alert-wait-unreadable", "for", "5"),
    core("alert-says-nothing", "annotations", {}),
    changed("unknown-key", "fore", "5m"),
    changed("rule-alert-and-record", "record", "up"),
    {
      code: "alert-name-invalid",
      faults: () => {
        const nameless = set(alert(), "alert", "backup-stale");
        const runbook = "https://upkeep.example.com/runbooks/backup-stale.md";
        // A name that no page can have has no runbook either.
        return alertRuleFaults([{ rules: [set(nameless, "annotations.runbook_url", runbook)] }]).filter(({ path }) =>
          path.endsWith(".alert"),
        );
      },
    },
    { code: "record-name-invalid", faults: () => alertRuleFaults([{ rules: [{ record: "up", expr: "1" }] }]) },
    changed("alert-wait-invalid", "for", "0m"),
    changed("alert-severity-unknown", "labels.severity", "page"),
    changed("alert-without-label", "labels.service"),
    changed("label-templated", "labels.value", "{{ $value }}"),
    changed("alert-without-annotation", "annotations.summary"),
    changed("alert-without-annotation", "annotations.description"),
    changed("alert-runbook-invalid", "annotations.runbook_url", "runbooks/BackupStale.md"),
  ],
};
