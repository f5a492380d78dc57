import assert from "node:assert/strict";
import { cronjobEndsAndStarts } from "../../policies/cronjob-ends-and-starts.ts";
import { faultsOf, found, judge, texts, UNKNOWN, unknownIn } from "./judge.ts";
import { compliantCronJob, cronJobWith, POD } from "./manifests.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";

/** Where the mutation is made and to what, undefined removing. */
type Mutation = [refuses: string, path: string, value: unknown];

const JOB = "spec.jobTemplate.spec";

const mutations: Mutation[] = [
  ["a missing time zone", "spec.timeZone", undefined],
  ["a missing concurrency policy", "spec.concurrencyPolicy", undefined],
  ["runs side by side", "spec.concurrencyPolicy", "Allow"],
  ["a missing starting deadline", "spec.startingDeadlineSeconds", undefined],
  ["a starting deadline under 10 seconds", "spec.startingDeadlineSeconds", 9],
  ["a missing active deadline", `${JOB}.activeDeadlineSeconds`, undefined],
  ["an active deadline of zero", `${JOB}.activeDeadlineSeconds`, 0],
  ["an active deadline of the whole interval", `${JOB}.activeDeadlineSeconds`, 86_400],
  ["a missing limit of kept successes", "spec.successfulJobsHistoryLimit", undefined],
  ["keeping no successful run", "spec.successfulJobsHistoryLimit", 0],
  ["a missing limit of kept failures", "spec.failedJobsHistoryLimit", undefined],
  ["keeping 11 failed runs", "spec.failedJobsHistoryLimit", 11],
  ["a missing restart policy", `${POD}.restartPolicy`, undefined],
  ["restarting for ever", `${POD}.restartPolicy`, "Always"],
  ["7 retries", `${JOB}.backoffLimit`, 7],
  ["runs that shift with each restart of the controller", "spec.schedule", "@every 1h"],
  ["a run that deletes its own logs", `${JOB}.ttlSecondsAfterFinished`, 0],
];

const accepted: [accepts: string, path: string, value: unknown][] = [
  ["Replace with an active deadline beyond the interval", "spec", replacing()],
  ["a suspended CronJob whose schedule never fires", "spec", suspended()],
  ["a missing backoffLimit, which is 6", `${JOB}.backoffLimit`, undefined],
  ["a starting deadline beyond the interval: the latest missed run starts", "spec.startingDeadlineSeconds", 100_000],
];

describe("the policy cronjob-ends-and-starts", () => {
  it("accepts a CronJob that does", () => {
    assert.deepEqual(judge(cronjobEndsAndStarts, CRONJOB, compliantCronJob()), []);
  });

  for (const [refuses, path, value] of mutations) {
    it(`refuses ${refuses}`, () => {
      const paths = found(cronjobEndsAndStarts, CRONJOB, cronJobWith(path, value)).map(([, at]) => at);
      assert.deepEqual(paths, [path]);
    });
  }

  for (const [accepts, path, value] of accepted) {
    it(`accepts ${accepts}`, () => {
      assert.deepEqual(judge(cronjobEndsAndStarts, CRONJOB, cronJobWith(path, value)), []);
    });
  }

  it("judges a version of the API that is gone, and each item of a List", () => {
    const job = cronJobWith("spec.timeZone", undefined);
    assert.deepEqual(found(cronjobEndsAndStarts, "kubernetes:batch/v1beta1:CronJob", job), [
      ["missing-time-zone", "spec.timeZone"],
    ]);
    assert.deepEqual(found(cronjobEndsAndStarts, "kubernetes:batch/v1:CronJobList", { items: [job] }), [
      ["missing-time-zone", "items[0].spec.timeZone"],
    ]);
    const misshapen = { items: [cronJobWith("spec.startingDeadlineSeconds", "300")] };
    assert.deepEqual(found(cronjobEndsAndStarts, "kubernetes:batch/v1:CronJobList", misshapen), [
      ["value-misshapen", "items[0].spec.startingDeadlineSeconds"],
    ]);
  });

  it("judges of a Patch what is in it", () => {
    const patch = (spec: object) => found(cronjobEndsAndStarts, "kubernetes:batch/v1:CronJobPatch", { spec });
    assert.deepEqual(patch({}), []);
    assert.deepEqual(patch({ suspend: false, schedule: "0 2 * * *" }), []);
    assert.deepEqual(patch({ concurrencyPolicy: "Allow" }), [["cronjob-runs-overlap", "spec.concurrencyPolicy"]]);
  });

  it("judges the active deadline by the shortest interval of an irregular schedule", () => {
    const job = cronJobWith("spec.schedule", "0,5 2 * * *");
    assert.deepEqual(found(cronjobEndsAndStarts, CRONJOB, job), [
      ["deadline-outlasts-interval", `${JOB}.activeDeadlineSeconds`],
    ]);
    for (const { allowed } of faultsOf(cronjobEndsAndStarts, CRONJOB, job)) assert.match(allowed, /\b300\b/);
  });

  it("judges everything else when one value is not known yet, and says what it could not judge", () => {
    const job = cronJobWith("spec.schedule", UNKNOWN);
    set(job, "spec.concurrencyPolicy", "Allow");
    const verdicts = judge(cronjobEndsAndStarts, CRONJOB, job);
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.deepEqual(unknownIn(verdicts), ["spec.schedule"]);
  });

  it("never prints a value in the wrong place", () => {
    const secret = "correct horse battery staple";
    for (const [, path] of mutations) {
      const text = texts(cronjobEndsAndStarts, CRONJOB, cronJobWith(path, secret));
      assert.ok(!text.includes(secret), `${path}: ${text}`);
    }
  });

  it("advises about resources of others, which leave Kubernetes' defaults", () => {
    const [verdict] = judge(cronjobEndsAndStarts, CRONJOB, cronJobWith("spec.timeZone", undefined), "anyone");
    assert.equal(verdict?.enforcementLevel, "advisory");
  });
});

function replacing() {
  const { spec } = compliantCronJob();
  spec.concurrencyPolicy = "Replace";
  spec.jobTemplate.spec.activeDeadlineSeconds = 100_000;
  return spec;
}

function suspended() {
  const { spec } = compliantCronJob();
  return { ...spec, suspend: true, schedule: "0 0 31 2 *" };
}
