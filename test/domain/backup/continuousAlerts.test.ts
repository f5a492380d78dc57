import assert from "node:assert/strict";
import {
  continuousAlerts,
  continuousDrillAlerts,
  continuousFaults,
  continuouslyBackedUp,
} from "../../../domain/backup/continuousAlerts.ts";
import { type Continuous, rds } from "../../../domain/declaration/continuous.ts";
import type { Postgres } from "../../../domain/declaration/datastore.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { shop } from "../../support/shop.ts";

const orders = shop.datastores.find((one): one is Postgres => one.kind === "postgres") as Postgres;

const archived: Continuous = {
  by: "CloudNativePG",
  within: guide("5m"),
  measures: [
    { what: "archive", age: "max(archived{$scope}) * max(waits{$scope})", within: guide("5m") },
    { what: "base backup", age: "max(based{$scope})", within: guide("26h") },
  ],
};
const drill = { job: "restore-orders", every: guide<Duration>("8d") };

/** The shop with all of its datastores, of which one is backed up continuously. */
const declaring = (continuous: Continuous, facts: Partial<Postgres> = {}): Service => ({
  ...shop,
  datastores: shop.datastores.map((one) => (one === orders ? { ...orders, continuous, ...facts } : one)),
});

describe("the datastores that are backed up continuously", () => {
  it("are those that declare it", () => {
    assert.deepEqual(continuouslyBackedUp(shop), []);
    assert.deepEqual(continuouslyBackedUp(declaring(archived)), [
      { datastore: { ...orders, continuous: archived }, continuous: archived },
    ]);
  });
});

describe("a continuous backup's alerts", () => {
  const archive = { datastore: "orders", measure: "archive" };
  const base = { datastore: "orders", measure: "base-backup" };

  it("notify that a measure is stale, an archive at a higher severity than a base backup, or that its age is missing", () => {
    const scope = 'namespace="shop"';
    assert.deepEqual(continuousAlerts(declaring(archived)), [
      {
        name: "ContinuousBackupStale",
        expr: `max(archived{${scope}}) * max(waits{${scope}}) > 300`,
        for: "5m",
        severity: "critical",
        labels: archive,
        summary: "The archive of orders is older than 5m",
        description:
          "The newest archive that CloudNativePG has of orders is {{ $value | humanizeDuration }} old; it may be 5m.",
      },
      {
        name: "ContinuousBackupMissing",
        expr: `absent(max(archived{${scope}}) * max(waits{${scope}}))`,
        for: "15m",
        severity: "critical",
        labels: archive,
        summary: "The age of the archive of orders is unknown",
        description:
          "No series says how old the newest archive is that CloudNativePG has of orders: there never was one, or its exporter is not scraped.",
      },
      {
        name: "ContinuousBackupStale",
        expr: `max(based{${scope}}) > 93600`,
        for: "5m",
        severity: "warning",
        labels: base,
        summary: "The base backup of orders is older than 26h",
        description:
          "The newest base backup that CloudNativePG has of orders is {{ $value | humanizeDuration }} old; it may be 26h.",
      },
      {
        name: "ContinuousBackupMissing",
        expr: `absent(max(based{${scope}}))`,
        for: "15m",
        severity: "critical",
        labels: base,
        summary: "The age of the base backup of orders is unknown",
        description:
          "No series says how old the newest base backup is that CloudNativePG has of orders: there never was one, or its exporter is not scraped.",
      },
    ]);
  });

  it("ask in the datastore's own namespace where it has one", () => {
    const [stale] = continuousAlerts(declaring(archived, { namespace: "data" }));
    assert.equal(stale?.expr, 'max(archived{namespace="data"}) * max(waits{namespace="data"}) > 300');
  });

  it("do not exist where nothing is backed up continuously", () => assert.deepEqual(continuousAlerts(shop), []));
});

describe("the alerts on a drill of a continuous backup", () => {
  const prod = environmentOf("prod");

  it("are a job's, of the database's namespace, that is stale after the longest time between two", () => {
    const alertsOf = (facts: Partial<Postgres>) =>
      continuousDrillAlerts(declaring({ ...archived, drill }, facts), prod).map(({ alert, labels }) => [
        alert,
        labels.severity,
        labels.service,
        labels.namespace,
        labels.environment,
        labels.cronjob,
      ]);
    const expected = (namespace: string) =>
      ["MaintenanceJobStale", "MaintenanceJobMissing", "MaintenanceJobSuspended", "MaintenanceJobFailed"].map(
        (alert) => [alert, "warning", "shop", namespace, "prod", "restore-orders"],
      );
    assert.deepEqual(alertsOf({}), expected("shop"));
    assert.deepEqual(alertsOf({ namespace: "data" }), expected("data"));
    const [stale] = continuousDrillAlerts(declaring({ ...archived, drill }), prod);
    assert.match(stale?.expr ?? "", / > 691200$/);
  });

  it("do not exist where no drill is declared", () =>
    assert.deepEqual(continuousDrillAlerts(declaring(archived), prod), []));
});

describe("a continuous backup", () => {
  const faults = (continuous: Continuous, recoveryPoint: Duration = "1h") => {
    const service = declaring(continuous);
    const objectives = { ...service.objectives, recoveryPoint: guide(recoveryPoint) };
    return continuousFaults({ ...service, objectives });
  };
  const within = (time: Duration) => rds({ age: "age{$scope}", within: guide(time) });
  const late = [["alert-after-recovery-point", 'datastores "orders" continuous.within']];

  it("is refused if its alert would fire only after the recovery point", () => {
    assert.deepEqual(faults(within("3299s")), []);
    assert.deepEqual(refused(faults(within("55m"))), late);
    assert.match(faults(within("55m"))[0]?.got ?? "", /^55m, .* 5m later$/);
    assert.deepEqual(faults(within("55m"), "2h"), []);
    assert.deepEqual(refused(faults(within("2h"))), late);
  });

  it("is as it should be with a drill whose time can be read", () =>
    assert.deepEqual(faults({ ...archived, drill }), []));

  it("of a service that has none brings no fault", () => assert.deepEqual(continuousFaults(shop), []));
});
