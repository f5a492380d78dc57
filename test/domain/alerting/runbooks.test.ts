import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { endpointAlerts } from "../../../domain/alerting/endpointAlerts.ts";
import { objectiveRules } from "../../../domain/alerting/objectives.ts";
import { serviceAlerts } from "../../../domain/alerting/serviceAlerts.ts";
import { drillAlerts } from "../../../domain/backup/drill.ts";
import type { Postgres } from "../../../domain/declaration/datastore.ts";
import { assumed, cloudNativePg, deployment, guide } from "../../../domain/declaration/declaration.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import { jobAlerts } from "../../../domain/jobs/jobAlerts.ts";
import type { AlertRule, RecordingRule } from "../../../domain/prometheus/rules.ts";
import { declaredServices } from "../../../services/index.ts";
import { database } from "../../support/database.ts";
import { environmentOf } from "../../support/environment.ts";

const services = await declaredServices();

const environment = environmentOf("prod");
const bound = { value: guide("80%"), for: assumed("15m"), severity: "warning" } as const;

/** A service that has every fact from which an alert follows. */
const everything: Service = {
  ...database,
  datastores: database.datastores.map((one) => ({
    ...(one as Postgres),
    continuous: cloudNativePg({ cluster: "main", within: guide("5m"), baseBackupWithin: guide("26h") }),
  })),
  workloads: [
    deployment("a", {
      autoscale: { min: guide(1), max: guide(2), cpu: guide("70%") },
      cpuBelow: [bound],
      memoryBelow: [bound],
    }),
  ],
};

/** The rules that can be made, by what makes them. Whatever else makes alerts is to be added here. */
const made: Record<string, (AlertRule | RecordingRule)[]> = {
  serviceAlerts: [everything, ...services].flatMap((service) => serviceAlerts(service, environment)),
  objectiveRules: objectiveRules(everything, environment).flatMap(({ rules }) => rules),
  endpointAlerts: services.flatMap((service) => endpointAlerts(service, environment)),
  drillAlerts: services.flatMap((service) =>
    service.backups.flatMap(({ drill }) => (drill ? drillAlerts(service, drill, "n", environment) : [])),
  ),
  jobAlerts: jobAlerts({ service: "s", namespace: "n", job: "j", staleAfter: 60, severity: "warning", environment }),
};

/** What programs post to Alertmanager by themselves, and the window's alert, which tells nobody. */
const posted = [
  "HealthCheckFailed",
  "BackupAgeHigh",
  "BackupSuspect",
  "BackupMissing",
  "ReceiverTest",
  "MaintenanceWindow",
];

const alerts = [
  ...new Set([
    ...Object.values(made)
      .flat()
      .flatMap((rule) => ("alert" in rule ? rule.alert : [])),
    ...posted,
  ]),
].sort();

const pages = readdirSync("runbooks")
  .filter((file) => file.endsWith(".md"))
  .map((file) => file.slice(0, -".md".length))
  .sort();

const text = (page: string) => readFileSync(`runbooks/${page}.md`, "utf8");

describe("the runbooks", () => {
  it("are one page for each alert, and no other", () => assert.deepEqual(pages, alerts));

  it("say what the alert means and where to look", () => {
    for (const page of pages) {
      assert.ok(text(page).startsWith(`# ${page}\n\n**What it means.** `), page);
      assert.match(text(page), /^\*\*Look\*\*$/m, page);
    }
  });

  it("lead only to pages that exist", () => {
    const links = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => `${page} -> ${link}`),
    );
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => !pages.some((page) => link.endsWith(`-> ${page}.md`))),
      [],
    );
  });
});
