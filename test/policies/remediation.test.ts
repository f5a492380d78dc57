import assert from "node:assert/strict";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { readConfiguration } from "../../policies/configuration.ts";
import { setConfigured } from "../../policies/configured.ts";
import { cronjobEndsAndStarts } from "../../policies/cronjob-ends-and-starts.ts";
import { podRestricted } from "../../policies/pod-restricted.ts";
import { policies } from "../../policies/policies.ts";
import { refused } from "../support/refused.ts";
import { found, UNKNOWN } from "./judge.ts";
import { backupCronJob, compliantCronJob, compliantPod, cronJobWith, POD } from "./manifests.ts";
import { type Remediable, remediated, secret } from "./remediated.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const PODS = "kubernetes:core/v1:Pod";
const ESCALATION = "spec.containers.0.securityContext.allowPrivilegeEscalation";

const ofCronJob = (inputs: object, more: Partial<Remediable> = {}) =>
  remediated(cronjobEndsAndStarts, { type: CRONJOB, ...more }, inputs);
const ofPod = (inputs: object, more: Partial<Remediable> = {}) =>
  remediated(podRestricted, { type: PODS, ...more }, inputs);

const podWith = (path: string, value: unknown) => set({ spec: compliantPod() }, path, value);

/** A CronJob without any of what the policy writes. */
function bareCronJob() {
  const paths = [
    "concurrencyPolicy",
    "startingDeadlineSeconds",
    "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit",
  ];
  const job = cronJobWith(`${POD}.restartPolicy`, undefined);
  for (const path of paths) set(job, `spec.${path}`, undefined);
  return job;
}

describe("a remediation", () => {
  /** Of each policy that has one: what it mends, and what that becomes. */
  const mended: [policy: ResourceValidationPolicy, type: string, inputs: () => object, result: () => object][] = [
    [
      cronjobEndsAndStarts,
      CRONJOB,
      bareCronJob,
      () => {
        const job = set(cronJobWith("spec.failedJobsHistoryLimit", 1), "spec.startingDeadlineSeconds", 86_400);
        return set(job, `${POD}.restartPolicy`, "Never");
      },
    ],
    [podRestricted, PODS, () => podWith(ESCALATION, undefined), () => ({ spec: compliantPod() })],
  ];

  for (const [policy, type, inputs, result] of mended) {
    it(`fills in what is missing, changes nothing else, and leaves no fault: ${policy.name}`, async () => {
      assert.notDeepEqual(found(policy, type, inputs()), []);
      const once = await remediated(policy, { type }, inputs());
      assert.deepEqual(once, result());
      assert.deepEqual(found(policy, type, once ?? {}), []);
    });

    it(`changes nothing in a second pass: ${policy.name}`, async () => {
      const once = await remediated(policy, { type }, inputs());
      assert.equal(await remediated(policy, { type }, once ?? {}), undefined);
    });

    it(`changes nothing of others, about whom the policy only advises: ${policy.name}`, async () => {
      assert.equal(await remediated(policy, { type, ours: false }, inputs()), undefined);
    });

    it(`changes no Patch: ${policy.name}`, async () => {
      assert.equal(await remediated(policy, { type: `${type}Patch` }, inputs()), undefined);
    });

    it(`is of each object in a List: ${policy.name}`, async () => {
      const list = (item: object) => ({ items: [result(), item] });
      assert.deepEqual(await remediated(policy, { type: `${type}List` }, list(inputs())), list(result()));
    });
  }

  it("is of those policies alone", () => {
    const remediating = policies.filter((policy) => "remediateResource" in policy).map(({ name }) => name);
    assert.deepEqual(
      remediating,
      mended.map(([{ name }]) => name),
    );
  });

  it("keeps what a person wrote, also where that is a fault", async () => {
    const job = set(cronJobWith("spec.concurrencyPolicy", "Allow"), "spec.failedJobsHistoryLimit", 0);
    assert.equal(await ofCronJob(set(job, `${POD}.restartPolicy`, "Always")), undefined);
    assert.equal(await ofPod(podWith(ESCALATION, true)), undefined);
  });

  it("writes a null as the missing value that it is", async () => {
    const job = await ofCronJob(cronJobWith("spec.concurrencyPolicy", null));
    assert.deepEqual(job, compliantCronJob());
  });

  it("forbids overlapping runs only where each of them ends before the next", async () => {
    const without = (deadline: unknown) =>
      set(cronJobWith("spec.concurrencyPolicy", undefined), "spec.jobTemplate.spec.activeDeadlineSeconds", deadline);
    assert.equal(await ofCronJob(without(undefined)), undefined);
    assert.equal(await ofCronJob(without(86_400)), undefined);
    assert.notEqual(await ofCronJob(without(86_399)), undefined);
    assert.equal(await ofCronJob(without(UNKNOWN)), undefined);
    const other = await ofCronJob(set(without(86_400), "spec.failedJobsHistoryLimit", undefined));
    assert.deepEqual(other, set(without(86_400), "spec.failedJobsHistoryLimit", 1));
  });

  it("lets a run start until the next is due, and leaves that open where a promise depends on it", async () => {
    const job = (schedule: unknown) =>
      set(cronJobWith("spec.startingDeadlineSeconds", undefined), "spec.schedule", schedule);
    const deadlineOf = async (inputs: object) =>
      ((await ofCronJob(inputs)) as ReturnType<typeof compliantCronJob> | undefined)?.spec.startingDeadlineSeconds;
    assert.equal(await deadlineOf(job("0 9,17 * * *")), 16 * 3600);
    assert.equal(await deadlineOf(job("@every 1h")), undefined);
    assert.equal(await deadlineOf(job(UNKNOWN)), undefined);
    assert.equal(await deadlineOf(set(job("0 2 * * *"), "metadata.annotations", { team: "shop" })), 86_400);
    assert.equal(await deadlineOf(set(job("0 2 * * *"), "metadata.annotations", UNKNOWN)), undefined);
    assert.equal(await deadlineOf(set(job("0 2 * * *"), "metadata", "text")), undefined);
    assert.equal(await deadlineOf(set(backupCronJob(), "spec.startingDeadlineSeconds", undefined)), undefined);
  });

  it("forbids privileges only where a program could gain none", async () => {
    const pod = (path: string, value: unknown) => set(podWith(ESCALATION, undefined), path, value);
    const at = "spec.containers.0.securityContext";
    for (const [path, value] of [
      [`${at}.capabilities.drop`, ["NET_RAW"]],
      [`${at}.capabilities.add`, ["NET_BIND_SERVICE"]],
      [`${at}.privileged`, true],
      [`${at}.runAsNonRoot`, false],
      ["spec.securityContext.runAsNonRoot", undefined],
      [`${at}.capabilities`, UNKNOWN],
    ] as const) {
      assert.equal(await ofPod(pod(path, value)), undefined, `${path} ${value}`);
    }
    assert.notEqual(await ofPod(pod(`${at}.runAsNonRoot`, true)), undefined);
  });

  it("keeps secrets secret and unknown values unknown, wherever they are", async () => {
    const env = [{ name: "A", value: secret("hunter2") }, { name: "B", value: UNKNOWN }, secret({ name: "C" })];
    const job = set(bareCronJob(), `${POD}.containers.0.env`, env);
    const { spec } = (await ofCronJob(set(job, "metadata.labels", secret({ team: "shop" })))) as typeof job;
    assert.deepEqual(set({ spec }, `${POD}.containers.0`, {}).spec.jobTemplate, set({ spec }, "a", 1).spec.jobTemplate);
    const whole = { ...bareCronJob(), metadata: secret({ name: "orders" }), spec: secret(job.spec) };
    const result = (await ofCronJob(whole)) as { metadata: unknown; spec: { value: Record<string, unknown> } };
    assert.deepEqual(result.metadata, secret({ name: "orders" }));
    assert.deepEqual(result.spec, secret(result.spec.value));
    assert.equal(result.spec.value.concurrencyPolicy, "Forbid");
    const containers = (result.spec.value as typeof job.spec).jobTemplate.spec.template.spec.containers;
    assert.deepEqual((containers[0] as unknown as { env: unknown }).env, env);
  });

  it("takes an exemption for what a person decided, and an ended one for none", async () => {
    const job = cronJobWith("spec.concurrencyPolicy", undefined);
    const exemptions = [
      {
        ...{
          policy: "cronjob-ends-and-starts",
          resource: "CronJob shop/orders-backup",
          path: "spec.concurrencyPolicy",
        },
        ...{ reason: "its runs may overlap until January", owner: "team-shop", ticket: "SHOP-1", until: "2027-01-31" },
      },
    ];
    const on = async (today: string) => {
      const read = readConfiguration({ "exemptions-in-date": { exemptions } }, policies, today);
      setConfigured("configured" in read ? read.configured : assert.fail());
      const result = await ofCronJob(job);
      setConfigured();
      return result;
    };
    assert.equal(await on("2026-12-01"), undefined);
    assert.notEqual(await on("2027-02-01"), undefined);
  });

  it("is a level of those policies, which needs neither reason nor end, and of no other", () => {
    const faultsOf = (configuration: Record<string, unknown>) => {
      const read = readConfiguration(configuration, policies, "2026-12-01");
      return refused("faults" in read ? read.faults : []);
    };
    assert.deepEqual(faultsOf({ "cronjob-ends-and-starts": "remediate" }), []);
    assert.deepEqual(faultsOf({ all: "mandatory", "pod-restricted": { enforcementLevel: "remediate" } }), []);
    assert.deepEqual(faultsOf({ "image-pinned": "remediate" }), [["not-allowed", "image-pinned.enforcementLevel"]]);
    assert.deepEqual(faultsOf({ all: { enforcementLevel: "remediate" } }), [["not-allowed", "all.enforcementLevel"]]);
  });
});
