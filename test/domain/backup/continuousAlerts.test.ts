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
import { faultMessage } from "../../../domain/values/fault.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { mplp } from "../../../services/mplp.ts";
import { environmentOf } from "../../support/environment.ts";

const main = mplp.datastores.find((one): one is Postgres => one.kind === "postgres") as Postgres;

const archived: Continuous = {
  by: "CloudNativePG",
  within: guide("5m"),
  measures: [
    { what: "archive", age: "max(archived{$scope}) * max(waits{$scope})", within: guide("5m") },
    { what: "base backup", age: "max(based{$scope})", within: guide("26h") },
  ],
};
const drill = { job: "restore-main", every: guide<Duration>("8d") };

/** MPLP with all of its datastores, of which one is backed up continuously. */
const declaring = (continuous: Continuous, facts: Partial<Postgres> = {}): Service => ({
  ...mplp,
  datastores: mplp.datastores.map((one) => (one === main ? { ...main, continuous, ...facts } : one)),
});

describe("the datastores that are backed up continuously", () => {
  it("are those that declare it", () => {
    assert.deepEqual(continuouslyBackedUp(mplp), []);
    assert.deepEqual(continuouslyBackedUp(declaring(archived)), [{ ...main, continuous: archived }]);
  });
});

describe("a continuous backup's alerts", () => {
  const archive = { datastore: "main", measure: "archive" };
  const base = { datastore: "main", measure: "base-backup" };

  it("tell of each measure that it is too old, an archive louder than a base backup, or that nothing tells", () => {
    const scope = 'namespace="mplp-production"';
    assert.deepEqual(continuousAlerts(declaring(archived)), [
      {
        name: "ContinuousBackupStale",
        expr: `max(archived{${scope}}) * max(waits{${scope}}) > 300`,
        for: "5m",
        severity: "critical",
        labels: archive,
        summary: "The archive of main is older than 5m",
        description:
          "The newest archive that CloudNativePG has of main is {{ $value | humanizeDuration }} old; it may be 5m.",
      },
      {
        name: "ContinuousBackupMissing",
        expr: `absent(max(archived{${scope}}) * max(waits{${scope}}))`,
        for: "15m",
        severity: "critical",
        labels: archive,
        summary: "Nothing tells how old the archive of main is",
        description:
          "No series says how old the newest archive is that CloudNativePG has of main: there never was one, or its exporter is not scraped.",
      },
      {
        name: "ContinuousBackupStale",
        expr: `max(based{${scope}}) > 93600`,
        for: "5m",
        severity: "warning",
        labels: base,
        summary: "The base backup of main is older than 26h",
        description:
          "The newest base backup that CloudNativePG has of main is {{ $value | humanizeDuration }} old; it may be 26h.",
      },
      {
        name: "ContinuousBackupMissing",
        expr: `absent(max(based{${scope}}))`,
        for: "15m",
        severity: "critical",
        labels: base,
        summary: "Nothing tells how old the base backup of main is",
        description:
          "No series says how old the newest base backup is that CloudNativePG has of main: there never was one, or its exporter is not scraped.",
      },
    ]);
  });

  it("ask in the datastore's own namespace where it has one", () => {
    const [stale] = continuousAlerts(declaring(archived, { namespace: "data" }));
    assert.equal(stale?.expr, 'max(archived{namespace="data"}) * max(waits{namespace="data"}) > 300');
  });

  it("are none where nothing is backed up continuously", () => assert.deepEqual(continuousAlerts(mplp), []));
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
        (alert) => [alert, "warning", "mplp", namespace, "prod", "restore-main"],
      );
    assert.deepEqual(alertsOf({}), expected("mplp-production"));
    assert.deepEqual(alertsOf({ namespace: "data" }), expected("data"));
    const [stale] = continuousDrillAlerts(declaring({ ...archived, drill }), prod);
    assert.match(stale?.expr ?? "", / > 691200$/);
  });

  it("are none where no restore is rehearsed", () =>
    assert.deepEqual(continuousDrillAlerts(declaring(archived), prod), []));
});

describe("a continuous backup", () => {
  const messages = (continuous: Continuous, recoveryPoint: Duration = "1h") => {
    const service = declaring(continuous);
    const objectives = { ...service.objectives, recoveryPoint: guide(recoveryPoint) };
    return continuousFaults({ ...service, objectives }).map(faultMessage);
  };
  const within = (time: Duration) => rds({ age: "age{$scope}", within: guide(time) });
  const notADuration = (path: string, got: string) =>
    `${path} is "${got}"; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"`;

  it("is refused where people would be told only when the recovery point has passed", () => {
    assert.deepEqual(messages(within("3299s")), []);
    assert.deepEqual(messages(within("55m")), [
      'datastores "main" continuous.within is 55m, of whose breach people are told after 5m more; allowed: together less than the recovery point of 1h. Fix: let the operator archive more often and declare that, or promise a longer recovery point',
    ]);
    assert.deepEqual(messages(within("55m"), "2h"), []);
    assert.equal(messages(within("2h")).length, 1);
  });

  it("is refused with times that are none, before they are compared", () => {
    const [archive, base] = archived.measures as [Continuous["measures"][0], Continuous["measures"][0]];
    const unreadable: Continuous = {
      ...archived,
      within: guide("2 h" as Duration),
      measures: [archive, { ...base, within: guide("1 day" as Duration) }],
      drill: { ...drill, every: guide("weekly" as Duration) },
    };
    assert.deepEqual(messages(unreadable, "1" as Duration), [
      notADuration('datastores "main" continuous base backup within', "1 day"),
      notADuration('datastores "main" continuous.drill.every', "weekly"),
      notADuration("objectives.recoveryPoint", "1"),
    ]);
  });

  it("is as it should be with a drill whose time can be read", () =>
    assert.deepEqual(messages({ ...archived, drill }), []));

  it("is none of a service's that has none", () => assert.deepEqual(continuousFaults(mplp), []));
});
