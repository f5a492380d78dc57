import assert from "node:assert/strict";
import { healthyAge, serviceFaults, worstCaseLoss } from "../../../domain/backup/promises.ts";
import type { Datastore } from "../../../domain/declaration/datastore.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import { jobFaults } from "../../../domain/jobs/maintenanceJob.ts";
import { refuseFaults } from "../../../domain/values/fault.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { database } from "../../support/database.ts";

const [declared] = database.backups as [Backup];
const [main] = database.datastores as [Datastore];

function withBackup(changes: Partial<Backup>): Service {
  return { ...database, backups: [{ ...declared, ...changes }] };
}

function message(service: Service): string {
  try {
    refuseFaults(`service "${service.name}"`, serviceFaults(service));
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a service's promises", () => {
  it("hold for MPLP as declared", () => assert.deepEqual(serviceFaults(database), []));

  it("count the longest gap, the starting deadline and the deadline into the worst case", () => {
    assert.equal(worstCaseLoss(declared), (24 * 60 + 30 + 45) * 60);
  });

  it("are refused with the arithmetic where the schedule cannot keep the recovery point", () => {
    const service = { ...database, objectives: { ...database.objectives, recoveryPoint: guide("24h" as const) } };
    assert.equal(
      message(service),
      `service "mplp" cannot be deployed:
- backups[0].schedule is "0 2 * * *", which can lose 25h 15m (longest gap 24h + starting deadline 30m + deadline 45m); allowed: less than the recovery point of 24h. Fix: run it more often, shorten its deadlines, or promise a longer recovery point`,
    );
  });

  it("count the gap once more for each failed run that is survived, and say so", () => {
    assert.equal(worstCaseLoss({ ...declared, survives: 2 }), (3 * 24 * 60 + 30 + 45) * 60);
    assert.match(
      message(withBackup({ survives: 1 })),
      /can lose 2d 1h 15m \(longest gap 24h \+ the same to survive a failed run \+ starting deadline 30m \+ deadline 45m\)/,
    );
  });

  it("leave survived failures out of the age that a healthy backup can reach", () => {
    assert.equal(healthyAge({ ...declared, survives: 2 }), (24 * 60 + 30 + 45) * 60);
  });

  it("are refused at exactly the recovery point", () => {
    assert.match(message(withBackup({ deadline: "90m" })), /can lose 26h/);
    assert.doesNotMatch(message(withBackup({ deadline: "89m" })), /can lose/);
  });

  it("are refused for a schedule that keeps weekends out of a daily promise", () => {
    assert.match(message(withBackup({ schedule: assumed("0 2 * * 1-5") })), /can lose 3d 1h 15m \(longest gap 3d \+/);
  });

  it("are refused where a datastore has no backup and gives no reason", () => {
    assert.match(
      message({ ...database, datastores: [main, { ...main, name: "index" }] }),
      /datastores "index" is without a backup/,
    );
  });

  it("are refused for a backup of a datastore that is not declared", () => {
    const datastores = [...database.datastores, { ...main, name: "index", unprotected: "rebuilt from the event log" }];
    const other = { ...declared, datastore: "archive", job: "other", prefix: "other/" };
    assert.equal(
      message({ ...database, datastores, backups: [declared, other] }),
      `service "mplp" cannot be deployed:
- backups[1].datastore is "archive"; allowed: "main", "index". Fix: name one of the service's datastores`,
    );
  });

  it("are refused for a backup where no datastore is declared", () => {
    assert.equal(
      message({ ...database, datastores: [] }),
      `service "mplp" cannot be deployed:
- backups[0].datastore is "main"; allowed: none: the service declares no datastore. Fix: name one of the service's datastores`,
    );
  });

  it("are refused where two datastores share a name", () => {
    assert.equal(
      message({ ...database, datastores: [main, main] }),
      `service "mplp" cannot be deployed:
- datastores is with "main" twice; allowed: each name once. Fix: rename or remove one`,
    );
  });

  it("are refused where two backups share a job's name", () => {
    assert.equal(
      message({ ...database, backups: [declared, { ...declared, prefix: "again/" }] }),
      `service "mplp" cannot be deployed:
- backups is with "mplp-backup" twice; allowed: each name once. Fix: rename or remove one`,
    );
  });
});

describe("the alert on a backup's age", () => {
  it("is refused where it could fire only after the recovery point has passed", () => {
    assert.equal(message(withBackup({ deadline: "84m" })), "");
    assert.equal(
      message(withBackup({ deadline: "85m" })),
      `service "mplp" cannot be deployed:
- backups[0].schedule is "0 2 * * *", of whose failure people are told after 26h (longest gap 24h + starting deadline 30m + deadline 1h 25m + 5m that the alert waits); allowed: less than the recovery point of 26h. Fix: run it more often, shorten its deadlines, or promise a longer recovery point`,
    );
  });

  it("is left out where the schedule itself breaks the recovery point", () => {
    assert.doesNotMatch(message(withBackup({ deadline: "90m" })), /people are told/);
  });
});

describe("a maintenance job's times", () => {
  const times = { name: "mplp-backup", schedule: "0 2 * * *", startingDeadline: "30m", deadline: "45m" };
  const paths = (changes: Partial<typeof times>) => jobFaults({ ...times, ...changes }).map(({ path }) => path);

  it("hold as declared for MPLP", () => assert.deepEqual(paths({}), []));
  it("refuse a deadline that reaches the next run", () => assert.deepEqual(paths({ deadline: "24h" }), ["deadline"]));
  it("refuse a starting deadline that reaches the next run", () =>
    assert.deepEqual(paths({ startingDeadline: "1d" }), ["startingDeadline"]));
  it("refuse a starting deadline that the controller can miss", () =>
    assert.deepEqual(paths({ startingDeadline: "9s" }), ["startingDeadline"]));
  it("refuse a name of 53 characters, and take one of 52", () => {
    assert.deepEqual(paths({ name: "a".repeat(53) }), ["name"]);
    assert.deepEqual(paths({ name: "a".repeat(52) }), []);
  });
  it("refuse a number without a unit", () => {
    assert.deepEqual(paths({ startingDeadline: "30", deadline: "45" }), ["startingDeadline", "deadline"]);
  });
});
