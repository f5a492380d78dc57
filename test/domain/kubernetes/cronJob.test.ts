import assert from "node:assert/strict";
import {
  type CronJobSpec,
  cronJobFaults,
  cronJobTimeFaults,
  shownSchedule,
} from "../../../domain/kubernetes/cronJob.ts";
import { compliantCronJob } from "../../policies/manifests.ts";
import { refused } from "../../support/refused.ts";

const spec: CronJobSpec = compliantCronJob().spec;
const job = spec.jobTemplate?.spec;
const pod = job?.template?.spec;
const JOB = "spec.jobTemplate.spec";

/** The faults of a CronJob that has none but for what is changed. */
const faults = (changes: object) => refused(cronJobFaults({ ...spec, ...changes }));
const inJob = (changes: object) => faults({ jobTemplate: { spec: { ...job, ...changes } } });
const times = (changes: object) => refused(cronJobTimeFaults({ ...spec, ...changes }));
const inPod = (changes: object) => inJob({ template: { spec: { ...pod, ...changes } } });

describe("a CronJob", () => {
  it("has no fault as it should be", () => assert.deepEqual(faults({}), []));

  for (const schedule of [undefined, "0 25 * * *", "0 0 31 2 *", "TZ=UTC 0 2 * * *"]) {
    it(`is refused with a schedule that never comes: ${schedule}`, () =>
      assert.deepEqual(times({ schedule }), [["cronjob-schedule-invalid", "spec.schedule"]]));
  }

  it("may have any schedule where it is suspended, but not none", () => {
    assert.deepEqual(times({ schedule: "0 0 31 2 *", suspend: true }), []);
    assert.equal(times({ schedule: undefined, suspend: true }).length, 1);
    assert.equal(times({ schedule: "0 0 31 2 *", suspend: false }).length, 1);
  });

  it("is refused where its runs shift, which the API does not mind", () => {
    assert.deepEqual(faults({ schedule: "@every 1h" }), [["cronjob-schedule-drifts", "spec.schedule"]]);
    assert.deepEqual(times({ schedule: "@every 1h" }), []);
  });

  it("says why its schedule is none, and nothing of a text that may be anything", () => {
    const got = (schedule: string) => cronJobTimeFaults({ ...spec, schedule })[0]?.got;
    assert.equal(got("60 2 * * *"), '"60 2 * * *": minute is "60"');
    assert.equal(got("correct horse battery"), "21 characters");
  });

  it("is refused without a time zone: the controller's own would count", () =>
    assert.deepEqual(faults({ timeZone: undefined }), [["missing-time-zone", "spec.timeZone"]]));

  for (const timeZone of ["", "Local", "Mars/Olympus", "etc/utc", " Etc/UTC"]) {
    it(`is refused with a zone that does not exist: ${timeZone}`, () => {
      assert.deepEqual(times({ timeZone }), [["cronjob-time-zone-invalid", "spec.timeZone"]]);
      assert.deepEqual(faults({ timeZone }), []);
    });
  }

  it("may have a zone of the database's older names", () => {
    for (const timeZone of ["Europe/Berlin", "GMT", "EST5EDT", "GB-Eire", "W-SU", undefined]) {
      assert.deepEqual(times({ timeZone }), []);
    }
  });

  it("is refused where a run deletes its logs, but not where a person starts it", () => {
    assert.deepEqual(inJob({ ttlSecondsAfterFinished: 0 }), [
      ["run-deletes-its-logs", `${JOB}.ttlSecondsAfterFinished`],
    ]);
    const jobTemplate = { spec: { ...job, ttlSecondsAfterFinished: 60 } };
    assert.deepEqual(faults({ jobTemplate, suspend: true }), []);
  });

  it("is refused where its runs may overlap", () => {
    assert.deepEqual(faults({ concurrencyPolicy: "Replace" }), []);
    assert.deepEqual(faults({ concurrencyPolicy: "Allow" }), [["cronjob-runs-overlap", "spec.concurrencyPolicy"]]);
  });

  it("is refused where a run may start at any time, or where the controller can miss it", () => {
    assert.deepEqual(faults({ startingDeadlineSeconds: 10 }), []);
    for (const startingDeadlineSeconds of [9, undefined]) {
      assert.deepEqual(faults({ startingDeadlineSeconds }), [
        ["starting-deadline-invalid", "spec.startingDeadlineSeconds"],
      ]);
    }
  });

  it("is refused where a run may last for ever", () => {
    assert.deepEqual(inJob({ activeDeadlineSeconds: 1 }), []);
    for (const activeDeadlineSeconds of [0, undefined]) {
      assert.deepEqual(inJob({ activeDeadlineSeconds }), [["active-deadline-invalid", `${JOB}.activeDeadlineSeconds`]]);
    }
  });

  it("is refused where a run can reach the next one", () => {
    // The latest missed run starts alone, however late that may be.
    assert.deepEqual(faults({ startingDeadlineSeconds: 86_400 }), []);
    assert.deepEqual(inJob({ activeDeadlineSeconds: 86_399 }), []);
    assert.deepEqual(inJob({ activeDeadlineSeconds: 86_400 }), [
      ["deadline-outlasts-interval", `${JOB}.activeDeadlineSeconds`],
    ]);
  });

  it("may have runs that reach the next one where that ends them, or where none comes by itself", () => {
    const long = { jobTemplate: { spec: { ...job, activeDeadlineSeconds: 86_400 } } };
    assert.deepEqual(faults({ ...long, concurrencyPolicy: "Replace" }), []);
    assert.deepEqual(faults({ ...long, suspend: true }), []);
    assert.deepEqual(faults({ ...long, schedule: "never" }), []);
  });

  for (const field of ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"]) {
    it(`is refused where it keeps no trace, or too many: ${field}`, () => {
      for (const limit of [1, 10]) assert.deepEqual(faults({ [field]: limit }), []);
      for (const limit of [0, 11, undefined]) {
        assert.deepEqual(faults({ [field]: limit }), [["history-limit-invalid", `spec.${field}`]]);
      }
    });
  }

  it("is refused where its pods restart for ever", () => {
    assert.deepEqual(inPod({ restartPolicy: "OnFailure" }), []);
    assert.deepEqual(inPod({ restartPolicy: "Always" }), [
      ["restart-policy-invalid", `${JOB}.template.spec.restartPolicy`],
    ]);
  });

  it("is refused where it retries more often than Kubernetes does by itself", () => {
    for (const backoffLimit of [undefined, 0, 6]) assert.deepEqual(inJob({ backoffLimit }), []);
    for (const backoffLimit of [-1, 7]) {
      assert.deepEqual(inJob({ backoffLimit }), [["backoff-limit-invalid", `${JOB}.backoffLimit`]]);
    }
  });

  it("is judged as far as it goes", () => {
    const missing = [
      "at.timeZone",
      "at.concurrencyPolicy",
      "at.startingDeadlineSeconds",
      "at.jobTemplate.spec.activeDeadlineSeconds",
      "at.successfulJobsHistoryLimit",
      "at.failedJobsHistoryLimit",
      "at.jobTemplate.spec.template.spec.restartPolicy",
    ];
    for (const jobTemplate of [undefined, {}, { spec: {} }, { spec: { template: {} } }]) {
      const paths = cronJobFaults({ ...(jobTemplate && { jobTemplate }) }, "at").map(({ path }) => path);
      assert.deepEqual(paths, missing);
      const forbid: CronJobSpec = { concurrencyPolicy: "Forbid", ...(jobTemplate && { jobTemplate }) };
      assert.equal(cronJobFaults(forbid).length, missing.length - 1);
    }
  });

  it("is judged check by check, so that one that cannot be made does not hide the others", () => {
    let made = 0;
    const found = cronJobFaults({}, "spec", (check) => {
      made += 1;
      return made === 1 ? [] : check();
    });
    assert.equal(found[0]?.path, "spec.timeZone");
  });
});

describe("a schedule that a fault shows", () => {
  for (const schedule of [
    "0 2 * * *",
    "*/5,7 ? 1-5 # *",
    "0 0 * jan-mar SUN",
    "@daily",
    "@every 1h",
    "TZ=Etc/GMT+1 0 2 * * *",
    "CRON_TZ=America/Port-au-Prince @daily",
    "*".repeat(80),
  ]) {
    it(`is written as it is: ${schedule}`, () => assert.equal(shownSchedule(schedule), `"${schedule}"`));
  }

  for (const text of [
    "correct horse",
    "password 0 2 * * *",
    "0 2 * * * password",
    "@daily of them",
    "TZ=! 0 2 * * *",
    "*".repeat(81),
  ]) {
    it(`is shown as its length where it may be anything: ${text}`, () =>
      assert.equal(shownSchedule(text), `${text.length} characters`));
  }

  it("is undefined where it is missing", () => assert.equal(shownSchedule(undefined), undefined));
});
