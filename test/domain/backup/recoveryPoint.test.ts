import assert from "node:assert/strict";
import {
  type BackupCronJob,
  recoveryPointAnnotations,
  recoveryPointFaults,
} from "../../../domain/backup/recoveryPoint.ts";
import { grafana } from "../../../domain/declaration/datastore.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { backupCronJob } from "../../policies/manifests.ts";
import { database } from "../../support/database.ts";

const [declared] = database.backups as [Backup];
const cronJob: BackupCronJob = backupCronJob();
const { metadata, spec } = cronJob;
const job = spec?.jobTemplate?.spec;
const ACTIVE = "spec.jobTemplate.spec.activeDeadlineSeconds";
const DURATION = "the longest time of which data may be lost, such as 26h";
const PROMISE = 'set upkeep/recovery-point: "26h", with what the datastore\'s service promises';

/** The faults of a CronJob that keeps its promise but for what is changed. */
const faults = (changes: object) => recoveryPointFaults({ ...cronJob, spec: { ...spec, ...changes } });
const inJob = (changes: object) => faults({ jobTemplate: { spec: { ...job, ...changes } } });
const annotated = (changes: object) =>
  recoveryPointFaults({ ...cronJob, metadata: { ...metadata, annotations: { ...metadata?.annotations, ...changes } } });
const paths = (found: Fault[]) => found.map(({ path }) => path);

describe("what a backup's CronJob says of its promise", () => {
  it("is the service's recovery point, the failed runs that it survives, and the space that its runs need", () => {
    assert.deepEqual(recoveryPointAnnotations(database, declared), {
      "upkeep/recovery-point": "26h",
      "upkeep/survives": "0",
      "upkeep/scratch": "20Gi",
    });
    assert.equal(recoveryPointAnnotations(database, { ...declared, survives: 2 })["upkeep/survives"], "2");
  });

  it("has no space where none is needed", () => {
    const token = { secret: "grafana", key: "token" };
    const dashboards = grafana("dashboards", { url: "http://grafana:3000", token });
    const service = { ...database, datastores: [...database.datastores, dashboards] };
    for (const datastore of ["dashboards", "nothing"]) {
      assert.deepEqual(Object.keys(recoveryPointAnnotations(service, { ...declared, datastore })), [
        "upkeep/recovery-point",
        "upkeep/survives",
      ]);
    }
  });
});

describe("a CronJob without a recovery point", () => {
  const labels = { "upkeep/datastore": "main" };

  it("is refused where it backs a datastore up", () => {
    const expected = [
      { path: 'metadata.annotations["upkeep/recovery-point"]', got: undefined, allowed: DURATION, fix: PROMISE },
    ];
    assert.deepEqual(recoveryPointFaults({ metadata: { labels } }), expected);
    assert.deepEqual(
      recoveryPointFaults({ metadata: { labels, annotations: {} }, spec: { suspend: false } }),
      expected,
    );
  });

  it("is left alone where it backs nothing up, or runs only when a person starts it", () => {
    for (const one of [{}, { metadata: {} }, { metadata: { labels: {} } }]) {
      assert.deepEqual(recoveryPointFaults({ ...one, spec: spec ?? {} }), []);
    }
    assert.deepEqual(recoveryPointFaults({ metadata: { labels }, spec: { suspend: true } }), []);
  });
});

describe("a CronJob's recovery point", () => {
  it("is kept below the longest gap and both deadlines", () => {
    assert.deepEqual(faults({}), []);
    assert.deepEqual(inJob({ activeDeadlineSeconds: 2 * 3600 - 301 }), []);
    assert.deepEqual(inJob({ activeDeadlineSeconds: 2 * 3600 - 300 }), [
      {
        path: "spec.schedule",
        got: '"0 2 * * *", which can lose 26h (longest gap 24h + starting deadline 5m + deadline 1h 55m)',
        allowed: "less than the recovery point of 26h",
        fix: "run it more often, shorten its deadlines, or promise a longer recovery point",
      },
    ]);
  });

  it("counts the failed runs that it survives, none where nothing says so", () => {
    assert.match(annotated({ "upkeep/survives": "1" })[0]?.got ?? "", /\+ the same to survive a failed run \+/);
    const annotations = { "upkeep/recovery-point": "26h" };
    assert.deepEqual(recoveryPointFaults({ ...cronJob, metadata: { annotations } }), []);
  });

  it("is refused where it cannot be read", () => {
    assert.deepEqual(annotated({ "upkeep/recovery-point": "26" }), [
      { path: 'metadata.annotations["upkeep/recovery-point"]', got: '"26"', allowed: DURATION, fix: PROMISE },
    ]);
    for (const survives of ["-1", "1.5", "1000", "one"]) {
      assert.deepEqual(annotated({ "upkeep/survives": survives }), [
        {
          path: 'metadata.annotations["upkeep/survives"]',
          got: `"${survives}"`,
          allowed: "how many failed runs in a row the promise survives",
          fix: 'set upkeep/survives: "0"',
        },
      ]);
    }
    assert.deepEqual(paths(annotated({ "upkeep/survives": "100" })), ["spec.schedule"]);
  });

  it("is refused where the schedule cannot be read", () => {
    for (const [schedule, got] of [["@every 1h", '"@every 1h"'], [undefined]] as const) {
      assert.deepEqual(faults({ schedule }), [
        {
          path: "spec.schedule",
          got,
          allowed: "a schedule whose gaps can be told",
          fix: 'write for example "0 2 * * *"',
        },
      ]);
    }
  });

  it("is refused where a run may start or last at any time", () => {
    const expected = (path: string, got: string | undefined, without: string) => [
      { path, got, allowed: "a whole number of seconds above 0", fix: `set it: without it ${without}` },
    ];
    for (const [value, got] of [[0, "0"], [1.5, "1.5"], [undefined]] as const) {
      assert.deepEqual(
        faults({ startingDeadlineSeconds: value }),
        expected("spec.startingDeadlineSeconds", got, "a run could start at any time later"),
      );
      assert.deepEqual(inJob({ activeDeadlineSeconds: value }), expected(ACTIVE, got, "a run could last for ever"));
    }
    assert.deepEqual(faults({ startingDeadlineSeconds: 1 }), []);
  });

  it("is refused where the CronJob is suspended", () => {
    assert.deepEqual(faults({ suspend: true }), [
      { path: "spec.suspend", got: "true", allowed: "false", fix: "remove it: a suspended CronJob makes no backup" },
    ]);
    assert.deepEqual(faults({ suspend: false }), []);
  });

  it("is refused where clocks change", () => {
    const expected = (got: string | undefined) => [
      {
        path: "spec.timeZone",
        got,
        allowed: "Etc/UTC, UTC",
        fix: 'set "Etc/UTC": where clocks change, a run can fall out',
      },
    ];
    assert.deepEqual(faults({ timeZone: "UTC" }), []);
    assert.deepEqual(faults({ timeZone: "Europe/Berlin" }), expected('"Europe/Berlin"'));
    assert.deepEqual(faults({ timeZone: "Etc/GMT+1" }), expected('"Etc/GMT+1"'));
    assert.deepEqual(faults({ timeZone: undefined }), expected(undefined));
    for (const timeZone of ["correct horse", " Europe/Berlin", "Europe/Berlin!", `Europe/${"a".repeat(34)}`]) {
      assert.deepEqual(faults({ timeZone }), expected(`${timeZone.length} characters`));
    }
  });

  it("is refused where the next run would end one before its deadline", () => {
    const replaced = (activeDeadlineSeconds: number) =>
      recoveryPointFaults({
        metadata: { annotations: { "upkeep/recovery-point": "4d" } },
        spec: { ...spec, concurrencyPolicy: "Replace", jobTemplate: { spec: { ...job, activeDeadlineSeconds } } },
      });
    assert.deepEqual(replaced(86_399), []);
    assert.deepEqual(replaced(86_400), [
      {
        path: ACTIVE,
        got: "86400",
        allowed: "below 86400 (24h): under Replace the next run would end this one",
        fix: "shorten it, or set concurrencyPolicy to Forbid",
      },
    ]);
    const annotations = { "upkeep/recovery-point": "4d" };
    const forbid = { ...spec, jobTemplate: { spec: { ...job, activeDeadlineSeconds: 86_400 } } };
    assert.deepEqual(recoveryPointFaults({ metadata: { annotations }, spec: forbid }), []);
  });

  it("is refused without the space that its runs need", () => {
    assert.deepEqual(annotated({ "upkeep/scratch": "256Mi" }), []);
    assert.deepEqual(paths(annotated({ "upkeep/scratch": "257Mi" })), [
      "spec.jobTemplate.spec.template.spec.volumes[name=scratch]",
    ]);
    assert.deepEqual(annotated({ "upkeep/scratch": "much" }), [
      {
        path: 'metadata.annotations["upkeep/scratch"]',
        got: '"much"',
        allowed: "the space that a run needs, such as 20Gi",
        fix: 'set upkeep/scratch: "20Gi"',
      },
    ]);
  });

  it("is judged as far as the CronJob goes", () => {
    const annotations = { "upkeep/recovery-point": "26h", "upkeep/scratch": "1Mi" };
    const missing = ["spec.schedule", "spec.startingDeadlineSeconds", ACTIVE];
    const assumed = ["spec.jobTemplate.spec.template.spec.volumes[name=scratch]", "spec.timeZone"];
    assert.deepEqual(paths(recoveryPointFaults({ metadata: { annotations } })), [...missing, ...assumed]);
    const { jobTemplate: _, ...without } = { ...spec, concurrencyPolicy: "Replace" };
    for (const jobTemplate of [undefined, {}, { spec: {} }, { spec: { template: {} } }]) {
      const changed = { ...without, ...(jobTemplate && { jobTemplate }) };
      assert.deepEqual(paths(recoveryPointFaults({ metadata: { annotations }, spec: changed })), [ACTIVE, assumed[0]]);
    }
    const never = { ...spec, concurrencyPolicy: "Replace", schedule: "never" };
    assert.deepEqual(paths(recoveryPointFaults({ ...cronJob, spec: never })), ["spec.schedule"]);
  });

  it("is judged check by check, so that one that cannot be made does not hide the others", () => {
    let made = 0;
    const found = recoveryPointFaults({ ...cronJob, spec: {} }, (check) => {
      made += 1;
      return made === 3 ? [] : check();
    });
    assert.deepEqual(paths(found), ["spec.startingDeadlineSeconds", ACTIVE, "spec.timeZone"]);
  });

  it("leaves it to whoever guards the checks that a schedule is no text, in each that reads it", () => {
    const errors: unknown[] = [];
    recoveryPointFaults({ ...cronJob, spec: { ...spec, schedule: 5 as never } }, (check) => {
      try {
        return check();
      } catch (error) {
        errors.push(error);
        return [];
      }
    });
    assert.equal(errors.length, 3);
    for (const error of errors) assert.ok(error instanceof TypeError);
  });
});
