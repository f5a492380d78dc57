import assert from "node:assert/strict";
import { recoveryPointKept } from "../../policies/recovery-point-kept.ts";
import { faultsOf, found, judge, texts, UNKNOWN, unknownIn } from "./judge.ts";
import { backupCronJob, compliantCronJob } from "./manifests.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const ACTIVE = "spec.jobTemplate.spec.activeDeadlineSeconds";

const judged = (job: object) => found(recoveryPointKept, CRONJOB, job);
const loss = (job: object) => faultsOf(recoveryPointKept, CRONJOB, job)[0]?.got ?? "";
const backupWith = (path: string, value: unknown) => set(backupCronJob(), path, value);

function promising(recoveryPoint: unknown, survives: unknown = "0") {
  const job = backupCronJob() as { metadata: object };
  return set(job, "metadata.annotations", { "upkeep/recovery-point": recoveryPoint, "upkeep/survives": survives });
}

describe("the policy recovery-point-kept", () => {
  it("accepts a backup that keeps its promise", () => {
    assert.deepEqual(judge(recoveryPointKept, CRONJOB, backupCronJob()), []);
  });

  it("refuses a schedule that was edited past the component, with the arithmetic", () => {
    const job = backupWith("spec.schedule", "0 2 * * 1-6");
    assert.deepEqual(judged(job), [["recovery-point-missed", "spec.schedule"]]);
    assert.match(loss(job), /\b2d 1h 5m\b.*\b48h\b.*\b5m\b.*\b1h\b/);
  });

  it("refuses exactly the recovery point, and takes one second less", () => {
    assert.equal(judged(backupWith(ACTIVE, 2 * 3600 - 300)).length, 1);
    assert.deepEqual(judged(backupWith(ACTIVE, 2 * 3600 - 301)), []);
  });

  it("counts the gap once more for each failed run that the promise survives", () => {
    assert.deepEqual(judged(promising("49h", "1")), [["recovery-point-missed", "spec.schedule"]]);
    assert.match(loss(promising("49h", "1")), /\b2d 1h 5m\b/);
    assert.deepEqual(judged(promising("50h", "1")), []);
    assert.match(loss(promising("73h", "2")), /\b3d 1h 5m\b/);
  });

  it("refuses a datastore's CronJob that promises nothing", () => {
    assert.deepEqual(judged(backupWith("metadata.annotations", undefined)), [
      ["missing-recovery-point", 'metadata.annotations["upkeep/recovery-point"]'],
    ]);
    assert.equal(judged(set(backupWith("metadata.annotations", undefined), "spec.suspend", false)).length, 1);
  });

  it("refuses a Patch that stops a job, whoever's it is, and no other", () => {
    const patch = (spec: object) => judge(recoveryPointKept, "kubernetes:batch/v1:CronJobPatch", { spec }, "anyone");
    const [verdict] = patch({ suspend: true });
    assert.equal(verdict?.enforcementLevel, undefined);
    assert.deepEqual(
      verdict?.faults?.map(({ code, path }) => [code, path]),
      [["suspended-by-patch", "spec.suspend"]],
    );
    assert.deepEqual(patch({ suspend: false, schedule: "0 2 * * *" }), []);
  });

  it("leaves alone what is no backup, and what runs only when a person starts it", () => {
    assert.deepEqual(judged(compliantCronJob()), []);
    const restore = backupWith("metadata.annotations", undefined);
    assert.deepEqual(judged(set(restore, "spec.suspend", true)), []);
  });

  const refused: [what: string, job: object, code: string, path: string][] = [
    ["a backup that is suspended", backupWith("spec.suspend", true), "suspended-backup", "spec.suspend"],
    [
      "a recovery point without a unit",
      promising("26"),
      "duration-unreadable",
      'metadata.annotations["upkeep/recovery-point"]',
    ],
    [
      "a negative number of failed runs",
      promising("26h", "-1"),
      "malformed-survives",
      'metadata.annotations["upkeep/survives"]',
    ],
    ["a missing schedule", backupWith("spec.schedule", undefined), "schedule-unreadable", "spec.schedule"],
    [
      "a schedule that shifts with restarts",
      backupWith("spec.schedule", "@every 1h"),
      "schedule-unreadable",
      "spec.schedule",
    ],
    [
      "a run that may start at any time",
      backupWith("spec.startingDeadlineSeconds", undefined),
      "no-time-limit",
      "spec.startingDeadlineSeconds",
    ],
    ["a run that may last for ever", backupWith(ACTIVE, undefined), "no-time-limit", ACTIVE],
    ["a run of no time", backupWith(ACTIVE, 0), "no-time-limit", ACTIVE],
    ["a zone whose clocks change", backupWith("spec.timeZone", "Europe/Berlin"), "time-zone-not-utc", "spec.timeZone"],
    ["the controller's own zone", backupWith("spec.timeZone", undefined), "time-zone-not-utc", "spec.timeZone"],
  ];
  for (const [what, job, code, path] of refused) {
    it(`refuses ${what}, once`, () => assert.deepEqual(judged(job), [[code, path]]));
  }

  it("refuses a run that the next one would end before its deadline", () => {
    const job = set(promising("4d"), "spec.concurrencyPolicy", "Replace");
    assert.deepEqual(judged(set(job, ACTIVE, 86_399)), []);
    assert.deepEqual(judged(set(job, ACTIVE, 86_400)), [["run-ended-by-next", ACTIVE]]);
  });

  describe("of a backup that says what space its runs need", () => {
    const POD = "spec.jobTemplate.spec.template.spec";
    const needing = (scratch: string, changes: Record<string, unknown> = {}) => {
      const job = backupCronJob() as { metadata: { annotations: object } };
      set(job, "metadata.annotations", { ...job.metadata.annotations, "upkeep/scratch": scratch });
      for (const [path, value] of Object.entries(changes)) set(job, `${POD}.${path}`, value);
      return judged(job);
    };
    const volumes = (volume: object) => ({ volumes: [{ name: "scratch", ...volume }] });

    it("accepts a volume and a limit that hold it", () => assert.deepEqual(needing("256Mi"), []));

    it("refuses a volume that is smaller", () => {
      const tooSmall = [["scratch-volume-too-small", `${POD}.volumes[name=scratch]`]];
      assert.deepEqual(needing("257Mi"), tooSmall);
      assert.deepEqual(needing("1Mi", volumes({ emptyDir: {} })), tooSmall);
      assert.deepEqual(needing("1Mi", { volumes: [] }), tooSmall);
    });

    it("refuses a limit at which the kubelet would evict a run that needs no more than that", () => {
      assert.deepEqual(needing("256Mi", { "containers.0.resources.limits.ephemeral-storage": "511Mi" }), [
        ["ephemeral-limit-too-low", `${POD}.containers[name=dump].resources.limits.ephemeral-storage`],
      ]);
    });

    it("takes a volume of the pod's own, which the limit does not count", () => {
      const claim = (storage: string) =>
        volumes({ ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage } } } } } });
      assert.deepEqual(needing("200Gi", claim("200Gi")), []);
      assert.equal(needing("200Gi", claim("199Gi")).length, 1);
    });

    it("refuses a space that cannot be read", () =>
      assert.deepEqual(needing("much"), [["size-unreadable", 'metadata.annotations["upkeep/scratch"]']]));
  });

  it("says what it could not judge, and judges the rest", () => {
    const job = backupWith("spec.startingDeadlineSeconds", UNKNOWN);
    set(job, "spec.suspend", true);
    const verdicts = judge(recoveryPointKept, CRONJOB, job);
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.deepEqual(unknownIn(verdicts), ["spec.startingDeadlineSeconds"]);
  });

  it("says so where it is not known yet whether the CronJob promises anything", () => {
    const verdicts = judge(recoveryPointKept, CRONJOB, backupWith("metadata.annotations", UNKNOWN));
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      ["advisory"],
    );
  });

  it("turns a value of the wrong shape into a violation, and shows none of it", () => {
    const secret = "correct horse battery staple";
    for (const path of ["metadata.annotations", "spec", "spec.schedule", "spec.timeZone", "spec.jobTemplate", ACTIVE]) {
      for (const value of [secret, [secret], { secret }]) {
        const said = texts(recoveryPointKept, CRONJOB, backupWith(path, value));
        assert.notEqual(said, "", `${path} passes as ${JSON.stringify(value)}`);
        assert.ok(!said.includes(secret), said);
      }
    }
  });

  describe("of Velero's Schedule", () => {
    const schedule = (spec: object, recoveryPoint?: unknown) =>
      found(recoveryPointKept, "kubernetes:velero.io/v1:Schedule", {
        metadata: { name: "shop", annotations: { "upkeep/recovery-point": recoveryPoint } },
        spec: { schedule: "0 2 * * *", ...spec },
      });

    it("judges only what a promise is written on", () => {
      assert.deepEqual(schedule({ paused: true }), []);
      assert.deepEqual(schedule({}, "26h"), []);
    });

    it("refuses one that runs too rarely: the time that a backup takes is left", () => {
      assert.deepEqual(schedule({}, "24h"), [["recovery-point-missed", "spec.schedule"]]);
      assert.deepEqual(schedule({ schedule: "0 2 * * 1-5" }, "26h"), [["recovery-point-missed", "spec.schedule"]]);
    });

    it("refuses one that is paused, and one whose gap cannot be computed", () => {
      assert.deepEqual(schedule({ paused: true }, "26h"), [["suspended-backup", "spec.paused"]]);
      assert.deepEqual(schedule({ schedule: "@every 6h" }, "26h"), [["schedule-unreadable", "spec.schedule"]]);
      assert.deepEqual(schedule({}, "a day"), [
        ["duration-unreadable", 'metadata.annotations["upkeep/recovery-point"]'],
      ]);
    });

    it("says what it could not judge", () => {
      const object = { metadata: { annotations: { "upkeep/recovery-point": "26h" } }, spec: { schedule: UNKNOWN } };
      const verdicts = judge(recoveryPointKept, "kubernetes:velero.io/v1:Schedule", object);
      assert.deepEqual(unknownIn(verdicts), ["spec.schedule"]);
    });
  });
});
