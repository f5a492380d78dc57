import assert from "node:assert/strict";
import type { PostgresVersion } from "../../../domain/declaration/datastore.ts";
import { parseImageReference } from "../../../domain/kubernetes/imageReference.ts";
import { images, users } from "../../../domain/kubernetes/images.ts";

const versions: PostgresVersion[] = [15, 17];
const all = (registry?: string) => {
  const { postgres, redis, awsCli, node } = images(registry);
  return [...versions.map(postgres), redis, awsCli, node];
};

describe("an image that jobs run", () => {
  it("is the vendor's own, on Docker Hub", () => {
    assert.deepEqual(
      all().map((text) => `${parseImageReference(text).registry} ${parseImageReference(text).repository}`),
      [
        "docker.io library/postgres",
        "docker.io library/postgres",
        "docker.io library/redis",
        "docker.io amazon/aws-cli",
        "docker.io library/node",
      ],
    );
  });

  it("has the tag of one release: its version in full", () => {
    for (const text of all()) assert.match(parseImageReference(text).tag ?? "", /^\d+\.\d+/, text);
  });

  it("of PostgreSQL has the major version that is asked for", () => {
    for (const version of versions) {
      const { tag } = parseImageReference(images().postgres(version));
      assert.ok(tag?.startsWith(`${version}.`), tag);
    }
  });

  it("comes from a mirror where there is one, under the same name", () => {
    const mirror = "registry.example.com/hub";
    assert.deepEqual(
      all(mirror),
      all().map((text) => text.replace("docker.io", mirror)),
    );
  });

  it("runs as a user that is not root", () =>
    assert.deepEqual(users, { postgres: 999, redis: 999, awsCli: 65_532, node: 1000 }));
});
