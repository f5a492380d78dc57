import assert from "node:assert/strict";
import { quantityAndZoneValid } from "../../policies/quantity-and-zone-valid.ts";
import { faultsOf, found, judge, texts, UNKNOWN, unknownIn } from "./judge.ts";
import { compliantCronJob, cronJobWith, POD } from "./manifests.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const FIRST = `${POD}.containers.0`;
const RESOURCES = `${POD}.containers[name=dump].resources`;

const judged = (path: string, value: unknown) => found(quantityAndZoneValid, CRONJOB, cronJobWith(path, value));

describe("the policy quantity-and-zone-valid", () => {
  it("accepts what the API and the kubelet read as it was meant", () => {
    assert.deepEqual(judge(quantityAndZoneValid, CRONJOB, compliantCronJob()), []);
  });

  const amounts: [resource: string, refused: unknown[], accepted: unknown[]][] = [
    [
      "requests.memory",
      ["0", 0, -1, "-1Mi", "1m", "128m", "128", "banana", "1 Gi", "1GB", "128mi"],
      ["1.5Gi", "1e9", 1e9, "500M"],
    ],
    ["requests.cpu", ["0", "0m", "-100m", "banana", "1 "], ["100m", "1", 2, ".5", "0.1", "1e0"]],
    ["limits.ephemeral-storage", ["1m", "0", "x"], ["512Mi", "1G"]],
  ];
  for (const [resource, refused, accepted] of amounts) {
    for (const amount of refused) {
      it(`refuses ${resource} of ${JSON.stringify(amount)}`, () =>
        assert.deepEqual(judged(`${FIRST}.resources.${resource}`, amount), [
          ["quantity-invalid", `${RESOURCES}.${resource}`],
        ]));
    }
    for (const amount of accepted) {
      it(`accepts ${resource} of ${JSON.stringify(amount)}`, () =>
        assert.deepEqual(judged(`${FIRST}.resources.${resource}`, amount), []));
    }
  }

  it("refuses a quantity of another shape", () => {
    for (const amount of [[], {}, true]) {
      assert.deepEqual(judged(`${FIRST}.resources.limits.memory`, amount), [
        ["value-misshapen", `${POD}.containers[0].resources.limits.memory`],
      ]);
    }
  });

  it("refuses the quantities of a pod as a whole, of its volumes, and of claims", () => {
    assert.deepEqual(judged(`${POD}.resources`, { limits: { memory: "1m" } }), [
      ["quantity-invalid", `${POD}.resources.limits.memory`],
    ]);
    assert.deepEqual(judged(`${POD}.volumes.0.emptyDir.sizeLimit`, "256m"), [
      ["quantity-invalid", `${POD}.volumes[0].emptyDir.sizeLimit`],
    ]);
    const claim = { spec: { resources: { requests: { storage: "20GB" } } } };
    assert.deepEqual(found(quantityAndZoneValid, "kubernetes:core/v1:PersistentVolumeClaim", claim), [
      ["quantity-invalid", "spec.resources.requests.storage"],
    ]);
    const set = { spec: { volumeClaimTemplates: [claim] } };
    assert.deepEqual(found(quantityAndZoneValid, "kubernetes:apps/v1:StatefulSet", set), [
      ["quantity-invalid", "spec.volumeClaimTemplates[0].spec.resources.requests.storage"],
    ]);
  });

  for (const zone of ["Mars/Olympus", "local", "Local", "", " Etc/UTC", "etc/utc", "GMT+2"]) {
    it(`refuses the time zone "${zone}"`, () =>
      assert.deepEqual(judged("spec.timeZone", zone), [["cronjob-time-zone-invalid", "spec.timeZone"]]));
  }
  for (const zone of [undefined, "Etc/UTC", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "GMT", "Japan"]) {
    it(`accepts the time zone ${zone}`, () => assert.deepEqual(judged("spec.timeZone", zone), []));
  }

  const schedules: [schedule: string, why: RegExp][] = [
    ["60 2 * * *", /minute is "60"/],
    ["0 0 31 2 *", /no such day exists/],
    ["0 2 * * 7", /day of week is "7"/],
    ["0 2 * *", /it has 4 fields/],
    ["TZ=Etc/UTC 0 2 * * *", /refuses a zone/],
  ];
  for (const [schedule, why] of schedules) {
    it(`refuses the schedule "${schedule}" with its own reason`, () => {
      const [fault, ...rest] = faultsOf(quantityAndZoneValid, CRONJOB, cronJobWith("spec.schedule", schedule));
      assert.deepEqual(rest, []);
      assert.deepEqual([fault?.code, fault?.path], ["cronjob-schedule-invalid", "spec.schedule"]);
      assert.match(fault?.got ?? "", why);
    });
  }

  it("refuses a missing schedule, but none that drifts: the API takes it", () => {
    assert.deepEqual(judged("spec.schedule", undefined), [["cronjob-schedule-invalid", "spec.schedule"]]);
    assert.deepEqual(judged("spec.schedule", "@every 1h"), []);
  });

  it("judges of a Patch what is in it", () => {
    const patch = (spec: object) => found(quantityAndZoneValid, "kubernetes:batch/v1:CronJobPatch", { spec });
    assert.deepEqual(patch({ suspend: true }), []);
    assert.deepEqual(patch({ timeZone: "Mars/Olympus" }), [["cronjob-time-zone-invalid", "spec.timeZone"]]);
  });

  it("prints no text that is neither a quantity, nor a zone, nor a schedule", () => {
    const secret = "correct horse battery staple";
    for (const path of [`${FIRST}.resources.limits.memory`, "spec.timeZone", "spec.schedule"]) {
      const said = texts(quantityAndZoneValid, CRONJOB, cronJobWith(path, secret));
      assert.ok(said !== "" && !said.includes(secret), said);
    }
  });

  it("says what it does not know yet, and judges the rest", () => {
    const verdicts = judge(quantityAndZoneValid, CRONJOB, cronJobWith("spec.timeZone", UNKNOWN));
    assert.deepEqual(unknownIn(verdicts), ["spec.timeZone"]);
  });
});
