import assert from "node:assert/strict";
import { imagePinned } from "../../policies/image-pinned.ts";
import { podSpecPaths } from "../../policies/podSpecOf.ts";
import { judge, messages, UNKNOWN } from "./judge.ts";
import { compliantPod, cronJobWith, POD } from "./manifests.ts";
import { set } from "./set.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("the policy image-pinned", () => {
  for (const [type, path] of Object.entries(podSpecPaths)) {
    const kind = type.split(":")[2];

    it(`accepts a ${kind} whose images are pinned`, () => {
      assert.deepEqual(judge(imagePinned, type, set({}, path.join("."), compliantPod())), []);
    });

    it(`refuses an image without a tag in each container and init container of a ${kind}`, () => {
      const pod = compliantPod();
      for (const container of [...pod.containers, ...pod.initContainers]) container.image = "redis";
      const found = messages(imagePinned, type, set({}, path.join("."), pod));
      assert.equal(found.length, 2);
      assertIncludes(found[0], `${path.join(".")}.initContainers[name=prepare].image is "redis"`);
      assertIncludes(found[1], `${path.join(".")}.containers[name=dump].image is "redis"`);
    });
  }

  const refused: [what: string, image: string | undefined][] = [
    ["the tag latest", "redis:latest"],
    ["a major version alone", "postgres:17"],
    ["a major version with the distribution's name", "postgres:17-bookworm"],
    ["a moving tag that holds its base's version", "node:lts-alpine3.22"],
    ["no tag behind a registry with a port", "registry.example.com:5000/team/app"],
    ["an empty name", ""],
    ["no name", undefined],
    ["what is not a reference", "Redis:8.2.1"],
    ["a host name with an underscore", "my_registry.example.com/app:1.4.2"],
    ["a digest that is too short", `redis@sha256:${"a".repeat(40)}`],
  ];
  for (const [what, image] of refused) {
    it(`refuses ${what}`, () => {
      const found = messages(imagePinned, CRONJOB, cronJobWith(`${POD}.containers.0.image`, image));
      assert.equal(found.length, 1);
      assertIncludes(found[0], `${POD}.containers[name=dump].image is `);
    });
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
      assert.deepEqual(messages(imagePinned, CRONJOB, cronJobWith(`${POD}.containers.0.image`, image)), []);
    });
  }

  it("judges the other containers when one image is not known yet, and names that one", () => {
    const job = cronJobWith(`${POD}.initContainers.0.image`, UNKNOWN);
    set(job, `${POD}.containers.0.image`, "redis:latest");
    const [violation, unchecked, ...rest] = judge(imagePinned, CRONJOB, job);
    assert.deepEqual(rest, []);
    assert.match(violation?.message ?? "", /containers\[name=dump\]\.image is "redis:latest"/);
    assert.equal(unchecked?.enforcementLevel, "advisory");
    assertIncludes(unchecked?.message, `not known before the update: ${POD}.initContainers[0].image`);
  });

  it("does not show a text that is not an image reference", () => {
    const found = messages(imagePinned, CRONJOB, cronJobWith(`${POD}.containers.0.image`, "user:hunter2@registry/app"));
    assert.ok(!found.join().includes("hunter2"));
    assert.match(found.join(), /25 characters that are not an image reference/);
  });

  it("judges no other kind", () => {
    assert.deepEqual(
      judge(imagePinned, "kubernetes:batch/v1:CronJobPatch", cronJobWith(POD, { containers: [{}] })),
      [],
    );
  });
});

const CRONJOB = "kubernetes:batch/v1:CronJob";

function assertIncludes(message: string | undefined, part: string) {
  assert.ok(message?.includes(part), `"${message}" does not include "${part}"`);
}
