import assert from "node:assert/strict";
import { resourcesSet } from "../../policies/resources-set.ts";
import { found, judge } from "./judge.ts";
import { compliantCronJob, compliantPod, cronJobWith, POD } from "./manifests.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";

const FIRST = `${POD}.containers.0`;
const NAMED = `${POD}.containers[name=dump]`;
const INIT = `${POD}.initContainers.0`;

const mutations: [refuses: string, path: string, value: unknown][] = [
  ["a missing CPU request", `${FIRST}.resources.requests.cpu`, undefined],
  ["a missing memory request", `${FIRST}.resources.requests.memory`, undefined],
  ["a missing memory limit", `${FIRST}.resources.limits.memory`, undefined],
  ["a missing limit of ephemeral storage", `${FIRST}.resources.limits.ephemeral-storage`, undefined],
  ["an init container without limits", `${INIT}.resources.limits.memory`, undefined],
];

describe("the policy resources-set", () => {
  it("accepts a pod whose containers all have requests and limits, of their own or the pod's", () => {
    assert.deepEqual(judge(resourcesSet, CRONJOB, compliantCronJob()), []);
    assert.deepEqual(judge(resourcesSet, CRONJOB, cronJobWith(POD, podLevelResources())), []);
  });

  for (const [refuses, path, value] of mutations) {
    it(`refuses ${refuses}`, () =>
      assert.deepEqual(found(resourcesSet, CRONJOB, cronJobWith(path, value)), [
        ["missing-resource-amount", named(path)],
      ]));
  }

  it("asks for no CPU limit, and of a Patch for nothing", () => {
    assert.deepEqual(judge(resourcesSet, CRONJOB, cronJobWith(`${FIRST}.resources.limits.cpu`, undefined)), []);
    const spec = { containers: [{ name: "app" }] };
    assert.deepEqual(judge(resourcesSet, "kubernetes:core/v1:PodPatch", { spec }), []);
  });

  it("judges no pods of others", () => {
    const pod = { spec: { ...compliantPod(), containers: [{}] } };
    assert.deepEqual(judge(resourcesSet, "kubernetes:core/v1:Pod", pod, "anyone"), []);
  });
});

/** The path as a message writes it: with the containers' names. */
function named(path: string): string {
  return path.replace(FIRST, NAMED).replace(INIT, `${POD}.initContainers[name=prepare]`);
}

function podLevelResources() {
  const { spec } = compliantCronJob().spec.jobTemplate.spec.template;
  const [dump] = spec.containers;
  const { cpu, memory } = { cpu: "1", memory: "1Gi" };
  return {
    ...spec,
    resources: { requests: { cpu, memory }, limits: { memory } },
    containers: [{ ...dump, resources: { limits: { "ephemeral-storage": "256Mi" } } }],
  };
}
