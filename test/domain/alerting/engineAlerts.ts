import { endpointAlerts } from "../../../domain/alerting/endpointAlerts.ts";
import { objectiveRules } from "../../../domain/alerting/objectives.ts";
import { platformAlerts } from "../../../domain/alerting/platformAlerts.ts";
import { serviceAlerts } from "../../../domain/alerting/serviceAlerts.ts";
import { drillAlerts } from "../../../domain/backup/drill.ts";
import type { Postgres } from "../../../domain/declaration/datastore.ts";
import { cloudNativePg, guide } from "../../../domain/declaration/declaration.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import { jobAlerts } from "../../../domain/jobs/jobAlerts.ts";
import type { AlertRule, RecordingRule } from "../../../domain/prometheus/rules.ts";
import { environmentOf } from "../../support/environment.ts";
import { keeping, shop } from "../../support/shop.ts";

const environment = environmentOf("prod");

/** A service that has every fact from which an alert follows, and none of its own. */
const everything: Service = {
  ...shop,
  alerts: [],
  secrets: [{ name: "tokens", maxAge: guide("90d") }],
  datastores: [
    ...keeping(shop, "orders").datastores.map((one) => ({
      ...(one as Postgres),
      continuous: cloudNativePg({ cluster: "main", within: guide("5m"), baseBackupWithin: guide("26h") }),
    })),
    ...shop.datastores.filter(({ kind }) => kind === "redis"),
  ],
};

/** The rules that can be made, by what makes them. Add here what else makes alerts. */
const made: Record<string, (AlertRule | RecordingRule)[]> = {
  serviceAlerts: serviceAlerts(everything, environment),
  objectiveRules: objectiveRules(everything, environment).flatMap(({ rules }) => rules),
  endpointAlerts: endpointAlerts(everything, environment),
  platformAlerts: platformAlerts(environment, [everything]),
  drillAlerts: shop.backups.flatMap(({ drill }) => (drill ? drillAlerts(shop, drill, "n", environment) : [])),
  jobAlerts: jobAlerts({ service: "s", namespace: "n", job: "j", staleAfter: 60, severity: "warning", environment }),
};

/** What programs post to Alertmanager by themselves, and the window's alert, which notifies no one. */
const posted = [
  "HealthCheckFailed",
  "BackupAgeHigh",
  "BackupSuspect",
  "BackupMissing",
  "ReceiverTest",
  "MaintenanceWindow",
];

/** The names of all alerts that the engine makes of any service's facts, once each. */
export const engineAlerts: string[] = [
  ...new Set([
    ...Object.values(made)
      .flat()
      .flatMap((rule) => ("alert" in rule ? rule.alert : [])),
    ...posted,
  ]),
].sort();
