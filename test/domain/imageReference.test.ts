import assert from "node:assert/strict";
import { isExactTag, parseImageReference } from "../../domain/imageReference.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image reference", () => {
  const read: [text: string, parts: (string | undefined)[]][] = [
    ["redis", [undefined, "redis", undefined, undefined]],
    ["library/redis:8.2.1", [undefined, "library/redis", "8.2.1", undefined]],
    ["localhost/redis", ["localhost", "redis", undefined, undefined]],
    ["registry.example.com/a/b/c:1", ["registry.example.com", "a/b/c", "1", undefined]],
    ["registry:5000/redis", ["registry:5000", "redis", undefined, undefined]],
    ["[2001:db8::1]:5000/redis:8.2", ["[2001:db8::1]:5000", "redis", "8.2", undefined]],
    [`registry:5000/a__b-c/d.e:1.0@${DIGEST}`, ["registry:5000", "a__b-c/d.e", "1.0", DIGEST]],
    [`redis@${DIGEST}`, [undefined, "redis", undefined, DIGEST]],
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
    "a@",
    "a@sha256:12",
    `a@${DIGEST}@${DIGEST}`,
    `a@md5:${"0".repeat(32)}`,
    "reg_istry.io/a",
    "registry.io:port/a",
    "https://registry.io/a",
    "a b",
  ]) {
    it(`is refused: "${text}"`, () => {
      assert.throws(
        () => parseImageReference(text),
        /^RangeError: \d+ characters are not an image reference; allowed: /,
      );
    });
  }
});

describe("a tag", () => {
  const exact =
    "8.2 17.6-trixie v1.36.3 1.0.0-rc.1 2026-11-22 bookworm-20251117 sha-3f2c9a1 3f2c9a1b RELEASE.2025-09-07T16-13-09Z";
  const moving = "latest 17 v2 17-bookworm lts-alpine3.22 bookworm stable main nightly defaced 2-defaced";
  for (const tag of exact.split(" ")) {
    it(`names one build: ${tag}`, () => assert.equal(isExactTag(tag), true));
  }
  for (const tag of moving.split(" ")) {
    it(`moves: ${tag}`, () => assert.equal(isExactTag(tag), false));
  }
});
