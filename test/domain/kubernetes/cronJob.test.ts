import assert from "node:assert/strict";
import { type CronJobSpec, cronJobFaults, shownSchedule } from "../../../domain/kubernetes/cronJob.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { compliantCronJob } from "../../policies/manifests.ts";

const spec: CronJobSpec = compliantCronJob().spec;
const job = spec.jobTemplate?.spec;
const pod = job?.template?.spec;
const JOB = "spec.jobTemplate.spec";

/** The faults of a CronJob that has none but for what is changed. */
const faults = (changes: object) => cronJobFaults({ ...spec, ...changes });
const inJob = (changes: object) => faults({ jobTemplate: { spec: { ...job, ...changes } } });
const inPod = (changes: object) => inJob({ template: { spec: { ...pod, ...changes } } });
const paths = (found: Fault[]) => found.map(({ path }) => path);

describe("a CronJob", () => {
  it("has no fault as it should be", () => assert.deepEqual(faults({}), []));

  for (const [schedule, got] of [
    [undefined, undefined],
    ["0 25 * * *", '"0 25 * * *"'],
    ["0 0 31 2 *", '"0 0 31 2 *"'],
  ]) {
    it(`is refused with a schedule that never comes: ${schedule}`, () => {
      assert.deepEqual(faults({ schedule }), [
        {
          path: "spec.schedule",
          got,
          allowed:
            "five cron fields (day of week 0 to 6) or a descriptor such as @daily, that meet a day; no TZ= and no @every",
          fix: 'write for example "0 2 * * *"',
        },
      ]);
    });
  }

  it("may have any schedule where it is suspended, but not none", () => {
    assert.deepEqual(faults({ schedule: "0 0 31 2 *", suspend: true }), []);
    assert.deepEqual(paths(faults({ schedule: undefined, suspend: true })), ["spec.schedule"]);
    assert.deepEqual(paths(faults({ schedule: "0 0 31 2 *", suspend: false })), ["spec.schedule"]);
  });

  for (const [timeZone, got] of [
    [undefined, undefined],
    ["", '""'],
    ["Local", '"Local"'],
  ]) {
    it(`is refused with the controller's own time zone: ${timeZone}`, () => {
      assert.deepEqual(faults({ timeZone }), [
        {
          path: "spec.timeZone",
          got,
          allowed: "a name of the time zone database",
          fix: 'set "Etc/UTC": the controller\'s own zone can change',
        },
      ]);
    });
  }

  it("is refused where its runs may overlap", () => {
    assert.deepEqual(faults({ concurrencyPolicy: "Replace" }), []);
    assert.deepEqual(faults({ concurrencyPolicy: "Allow" }), [
      {
        path: "spec.concurrencyPolicy",
        got: '"Allow"',
        allowed: "Forbid, Replace",
        fix: "set Forbid: the default, Allow, starts a second run beside a slow one",
      },
    ]);
  });

  it("is refused where a run may start at any time, or where the controller can miss it", () => {
    const expected = (got: string | undefined) => [
      {
        path: "spec.startingDeadlineSeconds",
        got,
        allowed: "10 or more",
        fix: "set how late a run may still start, for example 300",
      },
    ];
    assert.deepEqual(faults({ startingDeadlineSeconds: 10 }), []);
    assert.deepEqual(faults({ startingDeadlineSeconds: 9 }), expected("9"));
    assert.deepEqual(faults({ startingDeadlineSeconds: undefined }), expected(undefined));
  });

  it("is refused where a run may last for ever", () => {
    const expected = (got: string | undefined) => [
      {
        path: `${JOB}.activeDeadlineSeconds`,
        got,
        allowed: "above 0",
        fix: "set the longest time that a run may take: a hung run would last for ever",
      },
    ];
    assert.deepEqual(inJob({ activeDeadlineSeconds: 1 }), []);
    assert.deepEqual(inJob({ activeDeadlineSeconds: 0 }), expected("0"));
    assert.deepEqual(inJob({ activeDeadlineSeconds: undefined }), expected(undefined));
  });

  it("is refused where a run can reach the next one", () => {
    const expected = (path: string) => [
      {
        path,
        got: "86400",
        allowed: "below 86400 (24h), the schedule's shortest interval",
        fix: "shorten it, or run the job less often",
      },
    ];
    assert.deepEqual(faults({ startingDeadlineSeconds: 86_399 }), []);
    assert.deepEqual(faults({ startingDeadlineSeconds: 86_400 }), expected("spec.startingDeadlineSeconds"));
    assert.deepEqual(inJob({ activeDeadlineSeconds: 86_399 }), []);
    assert.deepEqual(inJob({ activeDeadlineSeconds: 86_400 }), expected(`${JOB}.activeDeadlineSeconds`));
  });

  it("may have runs that reach the next one where that ends them, or where none comes by itself", () => {
    const long = { jobTemplate: { spec: { ...job, activeDeadlineSeconds: 86_400 } } };
    assert.deepEqual(faults({ ...long, concurrencyPolicy: "Replace" }), []);
    assert.deepEqual(faults({ ...long, startingDeadlineSeconds: 86_400, suspend: true }), []);
    assert.deepEqual(paths(faults({ ...long, startingDeadlineSeconds: 86_400, schedule: "never" })), ["spec.schedule"]);
  });

  for (const field of ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"]) {
    it(`is refused where it keeps no trace, or too many: ${field}`, () => {
      for (const limit of [1, 10]) assert.deepEqual(faults({ [field]: limit }), []);
      for (const [limit, got] of [[0, "0"], [11, "11"], [undefined]] as const) {
        assert.deepEqual(faults({ [field]: limit }), [
          {
            path: `spec.${field}`,
            got,
            allowed: "1 to 10",
            fix: "set for example 3: the last runs' logs are what a person reads first",
          },
        ]);
      }
    });
  }

  it("is refused where its pods restart for ever", () => {
    assert.deepEqual(inPod({ restartPolicy: "OnFailure" }), []);
    assert.deepEqual(inPod({ restartPolicy: "Always" }), [
      {
        path: `${JOB}.template.spec.restartPolicy`,
        got: '"Always"',
        allowed: "Never, OnFailure",
        fix: "set Never: each try then keeps its own pod and logs",
      },
    ]);
  });

  it("is refused where it retries more often than Kubernetes does by itself", () => {
    for (const backoffLimit of [undefined, 0, 6]) assert.deepEqual(inJob({ backoffLimit }), []);
    for (const backoffLimit of [-1, 7]) {
      assert.deepEqual(inJob({ backoffLimit }), [
        {
          path: `${JOB}.backoffLimit`,
          got: String(backoffLimit),
          allowed: "0 to 6",
          fix: "set for example 3: what fails so often needs a person",
        },
      ]);
    }
  });

  it("is judged by its pod too", () =>
    assert.deepEqual(paths(inPod({ hostNetwork: true })), [`${JOB}.template.spec.hostNetwork`]));

  it("is judged as far as it goes", () => {
    const missing = [
      "at.schedule",
      "at.timeZone",
      "at.concurrencyPolicy",
      "at.startingDeadlineSeconds",
      "at.jobTemplate.spec.activeDeadlineSeconds",
      "at.successfulJobsHistoryLimit",
      "at.failedJobsHistoryLimit",
      "at.jobTemplate.spec.template.spec.restartPolicy",
      "at.jobTemplate.spec.template.spec.automountServiceAccountToken",
    ];
    for (const jobTemplate of [undefined, {}, { spec: {} }, { spec: { template: {} } }]) {
      assert.deepEqual(paths(cronJobFaults({ ...(jobTemplate && { jobTemplate }) }, "at")), missing);
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
    assert.equal(paths(found)[0], "spec.timeZone");
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
    it(`is told by its length where it may be anything: ${text}`, () =>
      assert.equal(shownSchedule(text), `${text.length} characters`));
  }

  it("is missing where there is none", () => assert.equal(shownSchedule(undefined), undefined));
});
