import { DRILLS } from "../domain/backup/drill.ts";
import { DATASTORE, RECOVERY_POINT } from "../domain/backup/recoveryPoint.ts";
import { readRules, unwatchedFaults, type WatchingRule } from "../domain/jobs/watched.ts";
import { type WrittenObject, writtenObjects } from "../domain/kubernetes/writtenObjects.ts";
import type { Shape } from "../domain/values/shape.ts";
import { fieldsOf, objectFaults } from "./defineObjectPolicy.ts";
import { defineStackPolicy } from "./defineStackPolicy.ts";
import { inStack, tokensOf } from "./inStack.ts";
import { ofRuleLists } from "./ruleGroups.ts";

export const backupWatched = defineStackPolicy({
  name: "backup-watched",
  description: "A backup that stops is noticed: an alert fires when it has not succeeded for too long, or never did.",
  severity: "critical",
  blocks: "ours",
  types: tokensOf("batch/v1", "CronJob"),
  faults: (stack) => {
    const rules = inStack<WatchingRule>(stack, ["PrometheusRule", "ConfigMap"], (object, attempt, add) => {
      ofRuleLists(object, attempt, ({ groups }) => {
        for (const group of Object.keys(groups)) {
          for (const index of Object.keys(groups[Number(group)]?.rules ?? [])) {
            attempt(() => {
              const { alert, record, expr = "", labels } = groups[Number(group)]?.rules?.[Number(index)] ?? {};
              const severity = labels?.severity;
              add({
                expr: String(expr),
                ...(alert !== undefined && { alert }),
                ...(record !== undefined && { record }),
                ...(severity !== undefined && { severity }),
              });
              return [];
            });
          }
        }
        return [];
      });
    });
    const read = readRules(rules.items);
    return ({ type, props }, attempt) =>
      objectFaults(writtenObjects(type, props, attempt), attempt, (object) => {
        const job = watched(object);
        if (job === undefined) return [];
        const faults = unwatchedFaults(job, read);
        if (faults.length > 0) rules.refuseUnknown();
        return faults;
      });
  },
});

interface CronJob {
  metadata?: {
    name?: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: { suspend?: boolean };
}

const shape: Shape = {
  metadata: { name: "text", namespace: "text", labels: { "*": "text" }, annotations: { "*": "text" } },
  spec: { suspend: "boolean" },
};

/** The CronJob, if it is a backup or a drill that runs by itself. */
function watched(object: WrittenObject) {
  const { metadata = {}, spec } = fieldsOf<CronJob>(object, shape);
  const { name, namespace, labels, annotations } = metadata;
  if (object.kind !== "CronJob" || name === undefined) return undefined;
  const promises = annotations?.[RECOVERY_POINT] !== undefined || annotations?.[DRILLS] !== undefined;
  // A suspended one without a promise, such as a restore, runs only when a person starts it.
  const isBackup = labels?.[DATASTORE] !== undefined || /(?:^|[-.])backups?(?:[-.]|$)/.test(name);
  return promises || (isBackup && spec?.suspend !== true) ? { name, namespace } : undefined;
}
