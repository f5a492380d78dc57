import assert from "node:assert/strict";
import { templatePaths } from "../../domain/kubernetes/writtenObjects.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { faultsOf, found, judge, UNKNOWN, unknownIn } from "./judge.ts";
import { compliantPod, cronJobWith, POD } from "./manifests.ts";
import { set } from "./set.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("the policy image-pinned", () => {
  const group = (kind: string) =>
    /Job$/.test(kind) ? "batch/v1" : /^(Pod|PodTemplate|Rep.*ler)$/.test(kind) ? "core/v1" : "apps/v1";
  const kinds: [type: string, path: readonly string[]][] = [
    ...Object.entries(templatePaths).map(([kind, path]): [string, readonly string[]] => [
      `kubernetes:${group(kind)}:${kind}`,
      path,
    ]),
    ["kubernetes:batch/v1beta1:CronJob", ["spec", "jobTemplate", "spec", "template"]],
    ["kubernetes:batch/v1:CronJobPatch", ["spec", "jobTemplate", "spec", "template"]],
    ["kubernetes:argoproj.io/v1alpha1:Rollout", ["spec", "template"]],
    ["kubernetes:apps.openshift.io/v1:DeploymentConfig", ["spec", "template"]],
    ["kubernetes:keda.sh/v1alpha1:ScaledJob", ["spec", "jobTargetRef", "template"]],
  ];

  for (const [type, template] of kinds) {
    const kind = type.split("/").slice(-2).join(" ");
    const path = [...template, "spec"];

    it(`accepts a ${kind} whose images are pinned`, () => {
      assert.deepEqual(judge(imagePinned, type, set({}, path.join("."), compliantPod())), []);
    });

    it(`refuses an image without a tag in each container and init container of a ${kind}`, () => {
      const pod = compliantPod();
      for (const container of [...pod.containers, ...pod.initContainers]) container.image = "redis";
      assert.deepEqual(found(imagePinned, type, set({}, path.join("."), pod)), [
        ["image-without-tag", `${path.join(".")}.initContainers[name=prepare].image`],
        ["image-without-tag", `${path.join(".")}.containers[name=dump].image`],
      ]);
    });
  }

  const refused: [what: string, image: string | undefined, code: string][] = [
    ["the tag latest", "redis:latest", "image-tag-moves"],
    ["a major version alone", "postgres:17", "image-tag-moves"],
    ["a major version with the distribution's name", "postgres:17-bookworm", "image-tag-moves"],
    ["a moving tag that holds its base's version", "node:lts-alpine3.22", "image-tag-moves"],
    ["no tag behind a registry with a port", "registry.example.com:5000/team/app", "image-without-tag"],
    ["an empty name", "", "missing-image"],
    ["no name", undefined, "missing-image"],
    ["what is not a reference", "Redis:8.2.1", "image-unreadable"],
    ["a host name with an underscore", "my_registry.example.com/app:1.4.2", "image-unreadable"],
    ["a digest that is too short", `redis@sha256:${"a".repeat(40)}`, "image-unreadable"],
  ];
  for (const [what, image, code] of refused) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(found(imagePinned, CRONJOB, cronJobWith(`${POD}.containers.0.image`, image)), [
        [code, `${POD}.containers[name=dump].image`],
      ]));
  }

  const accepted: [what: string, image: string][] = [
    ["a version of two numbers", "postgres:17.6-trixie"],
    ["a version with a v", "registry.k8s.io/kubectl:v1.36.3"],
    ["a digest without a tag", `redis@${DIGEST}`],
    ["a digest behind a moving tag", `redis:latest@${DIGEST}`],
    ["a digest behind a registry with a port", `registry.example.com:5000/team/app@${DIGEST}`],
    ["a registry with a port", "localhost:5000/redis:8.2.1"],
    ["a date", "debian:bookworm-20251117"],
    ["a commit", "ghcr.io/team/app:main-3f2c9a1"],
  ];
  for (const [what, image] of accepted) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(judge(imagePinned, CRONJOB, cronJobWith(`${POD}.containers.0.image`, image)), []);
    });
  }

  it("judges the other containers when one image is not known yet, and names that one", () => {
    const job = cronJobWith(`${POD}.initContainers.0.image`, UNKNOWN);
    set(job, `${POD}.containers.0.image`, "redis:latest");
    const verdicts = judge(imagePinned, CRONJOB, job);
    assert.equal(verdicts.length, 2);
    assert.equal(verdicts[0]?.faults?.[0]?.path, `${POD}.containers[name=dump].image`);
    assert.deepEqual(unknownIn(verdicts), [`${POD}.initContainers[0].image`]);
  });

  it("does not show a text that is not an image reference", () => {
    const job = cronJobWith(`${POD}.containers.0.image`, "user:hunter2@registry/app");
    const [fault] = faultsOf(imagePinned, CRONJOB, job);
    assert.equal(fault?.code, "image-unreadable");
    assert.ok(!JSON.stringify(fault).includes("hunter2"));
  });

  it("judges each item of a List", () => {
    const item = (image: string) => set({}, "spec.template.spec.containers", [{ name: "app", image }]);
    const items = [item("redis:8.2.1"), item("redis")];
    assert.deepEqual(found(imagePinned, "kubernetes:apps/v1:DeploymentList", { items }), [
      ["image-without-tag", "items[1].spec.template.spec.containers[name=app].image"],
    ]);
    const mixed = {
      items: [{ apiVersion: "v1", kind: "Pod", spec: { containers: [{ name: "app", image: "redis" }] } }],
    };
    assert.deepEqual(found(imagePinned, "kubernetes:core/v1:List", mixed), [
      ["image-without-tag", "items[0].spec.containers[name=app].image"],
    ]);
  });

  it("asks no Patch for the image that it leaves as it is", () => {
    const patch = cronJobWith(POD, { containers: [{ name: "dump", env: [] }] });
    assert.deepEqual(judge(imagePinned, "kubernetes:batch/v1:CronJobPatch", patch), []);
  });

  it("judges the image that an operator runs", () => {
    for (const [type, field] of [
      ["kubernetes:monitoring.coreos.com/v1:Prometheus", "image"],
      ["kubernetes:postgresql.cnpg.io/v1:Cluster", "imageName"],
    ] as const) {
      assert.deepEqual(found(imagePinned, type, { spec: { [field]: "ghcr.io/team/app:latest" } }), [
        ["image-tag-moves", `spec.${field}`],
      ]);
      assert.deepEqual(judge(imagePinned, type, { spec: { [field]: "ghcr.io/team/app:3.1.0" } }), []);
      assert.deepEqual(judge(imagePinned, type, { spec: {} }), []);
    }
  });

  it("judges no kind without a pod", () => {
    assert.deepEqual(judge(imagePinned, "kubernetes:core/v1:Service", cronJobWith(POD, { containers: [{}] })), []);
    assert.deepEqual(judge(imagePinned, "kubernetes:example.com/v1:Machine", { spec: { image: "ami-1" } }), []);
  });

  it("only advises about resources of others", () => {
    const [verdict] = judge(imagePinned, CRONJOB, cronJobWith(`${POD}.containers.0.image`, "redis"), "anyone");
    assert.equal(verdict?.enforcementLevel, "advisory");
    assert.equal(verdict?.faults?.length, 1);
  });
});

const CRONJOB = "kubernetes:batch/v1:CronJob";
