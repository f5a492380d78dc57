import assert from "node:assert/strict";
import { recoveryPointKept } from "../../policies/recovery-point-kept.ts";
import { judge, messages, UNKNOWN } from "./judge.ts";
import { backupCronJob, compliantCronJob } from "./manifests.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const ACTIVE = "spec.jobTemplate.spec.activeDeadlineSeconds";

const judged = (job: object) => messages(recoveryPointKept, CRONJOB, job);
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
    const [violation, ...rest] = judged(backupWith("spec.schedule", "0 2 * * 1-6"));
    assert.deepEqual(rest, []);
    assert.equal(
      violation?.split("\n")[0],
      'recovery-point-kept: CronJob shop/orders-backup (in orders): spec.schedule is "0 2 * * 1-6", which can lose 2d 1h 5m' +
        " (longest gap 48h + starting deadline 5m + deadline 1h); allowed: less than the recovery point of 26h." +
        " Fix: run it more often, shorten its deadlines, or promise a longer recovery point",
    );
  });

  it("refuses exactly the recovery point, and takes one second less", () => {
    assert.equal(judged(backupWith(ACTIVE, 2 * 3600 - 300)).length, 1);
    assert.deepEqual(judged(backupWith(ACTIVE, 2 * 3600 - 301)), []);
  });

  it("counts the gap once more for each failed run that the promise survives", () => {
    assert.match(
      judged(promising("49h", "1")).join(),
      /can lose 2d 1h 5m \(longest gap 24h \+ the same to survive a failed run \+ starting/,
    );
    assert.deepEqual(judged(promising("50h", "1")), []);
    assert.match(judged(promising("73h", "2")).join(), /\+ the same 2 times to survive 2 failed runs \+/);
  });

  it("refuses a datastore's CronJob that promises nothing", () => {
    const [violation, ...rest] = judged(backupWith("metadata.annotations", undefined));
    assert.deepEqual(rest, []);
    assert.match(violation ?? "", /: metadata\.annotations\["upkeep\/recovery-point"\] is missing; allowed: /);
    assert.equal(judged(set(backupWith("metadata.annotations", undefined), "spec.suspend", false)).length, 1);
  });

  it("leaves alone what is no backup, and what runs only when a person starts it", () => {
    assert.deepEqual(judged(compliantCronJob()), []);
    const restore = backupWith("metadata.annotations", undefined);
    assert.deepEqual(judged(set(restore, "spec.suspend", true)), []);
  });

  const refused: [what: string, job: object, names: string][] = [
    ["a backup that is suspended", backupWith("spec.suspend", true), "spec.suspend is true"],
    ["a recovery point without a unit", promising("26"), 'metadata.annotations["upkeep/recovery-point"] is "26"'],
    ["a negative number of failed runs", promising("26h", "-1"), 'metadata.annotations["upkeep/survives"] is "-1"'],
    ["a missing schedule", backupWith("spec.schedule", undefined), "spec.schedule is missing"],
    ["a schedule that shifts with restarts", backupWith("spec.schedule", "@every 1h"), 'spec.schedule is "@every 1h"'],
    [
      "a run that may start at any time",
      backupWith("spec.startingDeadlineSeconds", undefined),
      "spec.startingDeadlineSeconds is missing",
    ],
    ["a run that may last for ever", backupWith(ACTIVE, undefined), `${ACTIVE} is missing`],
    ["a run of no time", backupWith(ACTIVE, 0), `${ACTIVE} is 0; allowed: a whole number of seconds above 0`],
    [
      "a zone whose clocks change",
      backupWith("spec.timeZone", "Europe/Berlin"),
      'spec.timeZone is "Europe/Berlin"; allowed: Etc/UTC, UTC',
    ],
    ["the controller's own zone", backupWith("spec.timeZone", undefined), "spec.timeZone is missing"],
  ];
  for (const [what, job, names] of refused) {
    it(`refuses ${what}, once`, () => {
      const [violation, ...rest] = judged(job);
      assert.deepEqual(rest, []);
      assert.ok(violation?.includes(`: ${names}`), violation);
    });
  }

  it("refuses a run that the next one would end before its deadline", () => {
    const job = set(promising("4d"), "spec.concurrencyPolicy", "Replace");
    assert.deepEqual(judged(set(job, ACTIVE, 86_399)), []);
    assert.match(
      judged(set(job, ACTIVE, 86_400)).join(),
      /activeDeadlineSeconds is 86400; allowed: below 86400 \(24h\)/,
    );
  });

  describe("of a backup that says what space its runs need", () => {
    const POD = "spec.jobTemplate.spec.template.spec";
    const needing = (scratch: string, changes: Record<string, unknown> = {}) => {
      const job = backupCronJob() as { metadata: { annotations: object } };
      set(job, "metadata.annotations", { ...job.metadata.annotations, "upkeep/scratch": scratch });
      for (const [path, value] of Object.entries(changes)) set(job, `${POD}.${path}`, value);
      return judged(job).map((message) => message.split("\n")[0]?.replace(/^.*?\): /, ""));
    };
    const volumes = (volume: object) => ({ volumes: [{ name: "scratch", ...volume }] });

    it("accepts a volume and a limit that hold it", () => assert.deepEqual(needing("256Mi"), []));

    it("refuses a volume that is smaller", () => {
      assert.deepEqual(needing("257Mi"), [
        `${POD}.volumes[name=scratch] is "256Mi"; allowed: 257Mi or more. Fix: set the volume's size to what the annotation says, where both are made: the datastore's declared size`,
      ]);
      assert.equal(needing("1Mi", volumes({ emptyDir: {} })).length, 1);
      assert.match(needing("1Mi", { volumes: [] }).join(), /volumes\[name=scratch\] is missing/);
    });

    it("refuses a limit at which the kubelet would evict a run that needs no more than that", () => {
      assert.deepEqual(needing("256Mi", { "containers.0.resources.limits.ephemeral-storage": "511Mi" }), [
        `${POD}.containers[name=dump].resources.limits.ephemeral-storage is "511Mi"; allowed: 512Mi or more: the pod's volumes on its node's disk, and 256Mi for its log. Fix: set it: below that the kubelet evicts a run that needs only what was declared`,
      ]);
    });

    it("takes a volume of the pod's own, which the limit does not count", () => {
      const claim = (storage: string) =>
        volumes({ ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage } } } } } });
      assert.deepEqual(needing("200Gi", claim("200Gi")), []);
      assert.equal(needing("200Gi", claim("199Gi")).length, 1);
    });

    it("refuses a space that cannot be read", () => {
      assert.match(needing("much").join(), /metadata\.annotations\["upkeep\/scratch"\] is "much"; allowed: the space/);
    });
  });

  it("says what it could not judge, and judges the rest", () => {
    const job = backupWith("spec.startingDeadlineSeconds", UNKNOWN);
    set(job, "spec.suspend", true);
    const verdicts = judge(recoveryPointKept, CRONJOB, job);
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.match(verdicts[1]?.message ?? "", /not known before the update: spec\.startingDeadlineSeconds\./);
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
        const found = judged(backupWith(path, value)).join("\n");
        assert.notEqual(found, "", `${path} passes as ${JSON.stringify(value)}`);
        assert.ok(!found.includes(secret), found);
      }
    }
  });
});
