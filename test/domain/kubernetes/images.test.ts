import assert from "node:assert/strict";
import type { PostgresVersion } from "../../../domain/declaration/datastore.ts";
import { parseImageReference } from "../../../domain/kubernetes/imageReference.ts";
import { images, serverImage, users } from "../../../domain/kubernetes/images.ts";

const versions: PostgresVersion[] = [15, 17];
const all = (registry?: string) => {
  const { postgres, redis, awsCli, node } = images(registry);
  return [...versions.map(postgres), redis, awsCli, node];
};

describe("the image of a datastore's own steps", () => {
  const vendors = { image: images().redis, user: users.redis };

  it("is the vendor's, unless one is declared", () => {
    assert.deepEqual(serverImage({}, vendors), vendors);
    assert.deepEqual(serverImage({ image: "valkey/valkey:8.1.3-bookworm" }, vendors), {
      image: "docker.io/valkey/valkey:8.1.3-bookworm",
      user: 999,
    });
    assert.deepEqual(serverImage({ runAsUser: 70 }, vendors), { ...vendors, user: 70, keepsUser: true });
  });

  it("comes from the mirror where it names no registry, an official one from its folder library", () => {
    const from = (image: string) => serverImage({ image }, vendors, "registry.example.com/hub").image;
    assert.equal(from("redis:8.2.1"), "registry.example.com/hub/library/redis:8.2.1");
    assert.equal(from("valkey/valkey:8.1.3"), "registry.example.com/hub/valkey/valkey:8.1.3");
    assert.equal(from("ghcr.io/acme/postgres:17.6"), "ghcr.io/acme/postgres:17.6");
  });
});

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
