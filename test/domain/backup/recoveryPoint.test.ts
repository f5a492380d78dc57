import assert from "node:assert/strict";
import {
  type BackupCronJob,
  recoveryPointAnnotations,
  recoveryPointFaults,
} from "../../../domain/backup/recoveryPoint.ts";
import { type Datastore, grafana } from "../../../domain/declaration/datastore.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { backupCronJob } from "../../policies/manifests.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const orders = keeping(shop, "orders");
const [declared] = orders.backups as [Backup];
const cronJob: BackupCronJob = backupCronJob();
const { metadata, spec } = cronJob;
const job = spec?.jobTemplate?.spec;
const ACTIVE = "spec.jobTemplate.spec.activeDeadlineSeconds";
const PROMISED = 'metadata.annotations["upkeep/recovery-point"]';

/** The faults of a CronJob that keeps its promise but for what is changed. */
const found = (changes: object) => recoveryPointFaults({ ...cronJob, spec: { ...spec, ...changes } });
const faults = (changes: object) => refused(found(changes));
const inJob = (changes: object) => found({ jobTemplate: { spec: { ...job, ...changes } } });
const annotated = (changes: object) =>
  recoveryPointFaults({ ...cronJob, metadata: { ...metadata, annotations: { ...metadata?.annotations, ...changes } } });
const paths = (faults: Fault[]) => faults.map(({ path }) => path);

describe("what a backup's CronJob says of its promise", () => {
  it("is the service's recovery point, the failed runs that it survives, and the space that its runs need", () => {
    assert.deepEqual(recoveryPointAnnotations(orders, declared), {
      "upkeep/recovery-point": "26h",
      "upkeep/survives": "0",
      "upkeep/scratch": "20Gi",
    });
    assert.equal(recoveryPointAnnotations(orders, { ...declared, survives: 2 })["upkeep/survives"], "2");
  });

  it("is its datastore's own recovery point, or the backup's beside a continuous one", () => {
    const datastores = [{ ...orders.datastores[0], recoveryPoint: assumed("30h") } as Datastore];
    const promised = (changes: Partial<Backup>) =>
      recoveryPointAnnotations({ ...orders, datastores }, { ...declared, ...changes })["upkeep/recovery-point"];
    assert.equal(promised({}), "30h");
    assert.equal(promised({ secondary: assumed("40h") }), "40h");
  });

  it("has the lag that its datastore declares", () => {
    const datastores = [{ ...orders.datastores[0], maxLag: "5m" } as Datastore];
    assert.equal(recoveryPointAnnotations({ ...orders, datastores }, declared)["upkeep/max-lag"], "5m");
  });

  it("has no space where none is needed", () => {
    const token = { secret: "grafana", key: "token" };
    const dashboards = grafana("dashboards", { url: "http://grafana:3000", token });
    const service = { ...orders, datastores: [...orders.datastores, dashboards] };
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
    for (const one of [{ metadata: { labels } }, { metadata: { labels, annotations: {} }, spec: { suspend: false } }]) {
      assert.deepEqual(refused(recoveryPointFaults(one)), [["missing-recovery-point", PROMISED]]);
    }
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
    const missed = inJob({ activeDeadlineSeconds: 2 * 3600 - 300 });
    assert.deepEqual(refused(missed), [["recovery-point-missed", "spec.schedule"]]);
    assert.match(missed[0]?.got ?? "", / 26h \(longest gap 24h \+ starting deadline 5m \+ deadline 1h 55m\)$/);
  });

  it("counts the failed runs that it survives, none where nothing says so", () => {
    assert.match(annotated({ "upkeep/survives": "1" })[0]?.got ?? "", /\+ the same to survive a failed run \+/);
    const annotations = { "upkeep/recovery-point": "26h" };
    assert.deepEqual(recoveryPointFaults({ ...cronJob, metadata: { annotations } }), []);
  });

  it("counts how far behind its data may be", () => {
    assert.deepEqual(annotated({ "upkeep/max-lag": "1m" }), []);
    assert.match(annotated({ "upkeep/max-lag": "2h" })[0]?.got ?? "", / \+ lag 2h\)$/);
  });

  it("is refused where it cannot be read", () => {
    assert.deepEqual(refused(annotated({ "upkeep/recovery-point": "26" })), [["duration-unreadable", PROMISED]]);
    assert.deepEqual(paths(annotated({ "upkeep/max-lag": "5" })), ['metadata.annotations["upkeep/max-lag"]']);
    for (const survives of ["-1", "1.5", "1000", "one"]) {
      assert.deepEqual(refused(annotated({ "upkeep/survives": survives })), [
        ["malformed-survives", 'metadata.annotations["upkeep/survives"]'],
      ]);
    }
    assert.deepEqual(paths(annotated({ "upkeep/survives": "100" })), ["spec.schedule"]);
  });

  it("is refused where the schedule cannot be read", () => {
    for (const schedule of ["@every 1h", undefined]) {
      assert.deepEqual(faults({ schedule }), [["schedule-unreadable", "spec.schedule"]]);
    }
  });

  it("is refused where a run may start or last at any time", () => {
    for (const value of [0, 1.5, undefined]) {
      assert.deepEqual(faults({ startingDeadlineSeconds: value }), [["no-time-limit", "spec.startingDeadlineSeconds"]]);
      assert.deepEqual(refused(inJob({ activeDeadlineSeconds: value })), [["no-time-limit", ACTIVE]]);
    }
    assert.deepEqual(faults({ startingDeadlineSeconds: 1 }), []);
  });

  it("is refused where the CronJob is suspended", () => {
    assert.deepEqual(faults({ suspend: true }), [["suspended-backup", "spec.suspend"]]);
    assert.deepEqual(faults({ suspend: false }), []);
  });

  it("is refused where clocks change", () => {
    const zone = (timeZone: string | undefined, got: string | undefined) => {
      const faults = found({ timeZone });
      assert.deepEqual(refused(faults), [["time-zone-not-utc", "spec.timeZone"]]);
      assert.equal(faults[0]?.got, got);
    };
    assert.deepEqual(faults({ timeZone: "UTC" }), []);
    zone("Europe/Berlin", '"Europe/Berlin"');
    zone("Etc/GMT+1", '"Etc/GMT+1"');
    zone(undefined, undefined);
    for (const timeZone of ["correct horse", " Europe/Berlin", "Europe/Berlin!", `Europe/${"a".repeat(34)}`]) {
      zone(timeZone, `${timeZone.length} characters`);
    }
  });

  it("is refused where the next run would end one before its deadline", () => {
    const replaced = (activeDeadlineSeconds: number) =>
      recoveryPointFaults({
        metadata: { annotations: { "upkeep/recovery-point": "4d" } },
        spec: { ...spec, concurrencyPolicy: "Replace", jobTemplate: { spec: { ...job, activeDeadlineSeconds } } },
      });
    assert.deepEqual(replaced(86_399), []);
    assert.deepEqual(refused(replaced(86_400)), [["run-ended-by-next", ACTIVE]]);
    const annotations = { "upkeep/recovery-point": "4d" };
    const forbid = { ...spec, jobTemplate: { spec: { ...job, activeDeadlineSeconds: 86_400 } } };
    assert.deepEqual(recoveryPointFaults({ metadata: { annotations }, spec: forbid }), []);
  });

  it("is refused without the space that its runs need", () => {
    assert.deepEqual(annotated({ "upkeep/scratch": "256Mi" }), []);
    assert.deepEqual(paths(annotated({ "upkeep/scratch": "257Mi" })), [
      "spec.jobTemplate.spec.template.spec.volumes[name=scratch]",
    ]);
    assert.deepEqual(refused(annotated({ "upkeep/scratch": "much" })), [
      ["size-unreadable", 'metadata.annotations["upkeep/scratch"]'],
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
    const judged = recoveryPointFaults({ ...cronJob, spec: {} }, (check) => {
      made += 1;
      return made === 3 ? [] : check();
    });
    assert.deepEqual(paths(judged), ["spec.startingDeadlineSeconds", ACTIVE, "spec.timeZone"]);
  });

  it("leaves a schedule that is no text to the guard of the checks, in each that reads it", () => {
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
