import assert from "node:assert/strict";
import { imageFaults, isExactTag, parseImageReference } from "../../../domain/kubernetes/imageReference.ts";
import { refused } from "../../support/refused.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const DIGEST_384 = `sha384:${"0123456789abcdef".repeat(6)}`;
const DIGEST_512 = `sha512:${"0123456789abcdef".repeat(8)}`;

describe("an image reference", () => {
  const read: [text: string, parts: (string | undefined)[]][] = [
    ["redis", [undefined, "redis", undefined, undefined]],
    ["redis:8.2.1", [undefined, "redis", "8.2.1", undefined]],
    ["library/redis:8.2.1", [undefined, "library/redis", "8.2.1", undefined]],
    ["localhost/redis", ["localhost", "redis", undefined, undefined]],
    ["registry.example.com/a/b/c:1", ["registry.example.com", "a/b/c", "1", undefined]],
    ["registry:5000/redis", ["registry:5000", "redis", undefined, undefined]],
    ["[2001:db8::1]:5000/redis:8.2", ["[2001:db8::1]:5000", "redis", "8.2", undefined]],
    [`registry:5000/a__b-c/d.e:1.0@${DIGEST}`, ["registry:5000", "a__b-c/d.e", "1.0", DIGEST]],
    ["my--registry.io/a--b", ["my--registry.io", "a--b", undefined, undefined]],
    [`redis@${DIGEST}`, [undefined, "redis", undefined, DIGEST]],
    [`redis@${DIGEST_384}`, [undefined, "redis", undefined, DIGEST_384]],
    [`redis@${DIGEST_512}`, [undefined, "redis", undefined, DIGEST_512]],
  ];
  for (const [text, parts] of read) {
    it(`is split into its parts: ${text}`, () => {
      const { registry, repository, tag, digest } = parseImageReference(text);
      assert.deepEqual([registry, repository, tag, digest], parts);
    });
  }

  for (const text of [
    "",
    "Redis",
    "a//b",
    "/a",
    "a/",
    "a:b:c",
    "a:",
    "a:-b",
    "a:b+c",
    "a@",
    "a@sha256:12",
    `a@${DIGEST}@${DIGEST}`,
    `a@x${DIGEST}`,
    `a@${DIGEST}0`,
    `a@md5:${"0".repeat(32)}`,
    "reg_istry.io/a",
    "registry.io:port/a",
    "https://registry.io/a",
    "a b",
  ]) {
    it(`is refused: "${text}"`, () => {
      assert.throws(() => parseImageReference(text), RangeError);
    });
  }
});

describe("a tag", () => {
  const exact =
    "8.2 17.6-trixie v1.36.3 1.0.0-rc.1 2026-11-22 bookworm-20251117 sha-3f2c9a1 3f2c9a1b c0ffee1-alpine RELEASE.2025-09-07T16-13-09Z 123 4711";
  const moving = "latest 17 v2 17-bookworm lts-alpine3.22 bookworm stable main nightly defaced 2-defaced v123";
  for (const tag of exact.split(" ")) {
    it(`names one build: ${tag}`, () => assert.equal(isExactTag("team/app", tag), true));
  }
  for (const tag of moving.split(" ")) {
    it(`moves: ${tag}`, () => assert.equal(isExactTag("team/app", tag), false));
  }

  // Tags of the wild that the vendor moves with each patch.
  const series =
    "redis:7.2 nginx:1.12 tomcat:9.0 mysql:5.6 alpine:3.16 ubuntu:18.04 perl:5.3 library/redis:7.2-alpine mirror/library/redis:7.2 postgres:9.6 node:lts-alpine3.22 busybox:123";
  for (const image of series.split(" ")) {
    const [repository = "", tag = ""] = image.split(":");
    it(`of an official image is a series: ${image}`, () => assert.equal(isExactTag(repository, tag), false));
  }

  const releases =
    "redis:7.2.4 library/nginx:1.27.3-alpine postgres:17.6-trixie postgres:9.6.24 debian:12.5 ubuntu:jammy-20240111 mirror/library/redis:7.2.4";
  for (const image of releases.split(" ")) {
    const [repository = "", tag = ""] = image.split(":");
    it(`of an official image is a release: ${image}`, () => assert.equal(isExactTag(repository, tag), true));
  }
});

describe("a pod's image", () => {
  const faults = (...images: (string | undefined)[]) =>
    imageFaults({ containers: images.map((image, index) => ({ name: `c${index}`, ...(image && { image }) })) });

  it("has no fault with a tag that names one build, or with a digest, whatever its tag is", () =>
    assert.deepEqual(faults("redis:8.2.1", `redis@${DIGEST}`, `redis:latest@${DIGEST}`), []));

  it("is an official one on Docker Hub alone", () => {
    assert.deepEqual(faults("registry.example.com/redis:8.2", "docker.io/team/redis:8.2"), []);
    for (const image of ["redis:8.2", "docker.io/library/redis:8.2", "mirror.example.com/library/redis:8.2"]) {
      assert.deepEqual(refused(faults(image)), [["image-tag-moves", "spec.containers[name=c0].image"]]);
    }
  });

  it("is refused where it could change without a deployment", () => {
    assert.deepEqual(refused(faults("registry.io/team/cache/redis", "redis:8")), [
      ["image-without-tag", "spec.containers[name=c0].image"],
      ["image-tag-moves", "spec.containers[name=c1].image"],
    ]);
  });

  it("is refused where it is missing", () =>
    assert.deepEqual(refused(faults(undefined)), [["missing-image", "spec.containers[name=c0].image"]]));

  it("is refused, and not shown, where no runtime accepts it", () => {
    const found = faults("user:hunter2@registry/app");
    assert.deepEqual(refused(found), [["image-unreadable", "spec.containers[name=c0].image"]]);
    assert.ok(!JSON.stringify(found).includes("hunter2"));
  });

  it("is shown up to its last 120 characters", () => {
    const got = (length: number) => faults(`start${"a".repeat(length - 5)}`)[0]?.got;
    assert.ok(got(120)?.includes(`"start${"a".repeat(115)}"`));
    assert.ok(got(121)?.includes(`"…tart${"a".repeat(116)}"`));
  });
});
