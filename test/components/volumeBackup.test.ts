import assert from "node:assert/strict";
import { declare, type Fields, podOf, volumeOf } from "./shopVolume.ts";

describe("a volume's backup", () => {
  it("reads a clone where the cluster makes one, on whichever node", async () => {
    const pod = podOf(await declare("prod"), "shop-uploads-backup");
    assert.deepEqual(volumeOf(pod).ephemeral.volumeClaimTemplate.spec, {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "gp3",
      dataSource: { kind: "PersistentVolumeClaim", name: "shop-uploads" },
      resources: { requests: { storage: "20Gi" } },
    });
    assert.equal(pod.affinity, undefined);
  });

  it("reads the claim itself on its owner's node where it makes none", async () => {
    const pod = podOf(await declare("staging"), "shop-uploads-backup");
    assert.deepEqual(volumeOf(pod).persistentVolumeClaim, { claimName: "shop-uploads" });
    assert.deepEqual(pod.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution, [
      { labelSelector: { matchLabels: { app: "shop-web" } }, topologyKey: "kubernetes.io/hostname" },
    ]);
  });

  it("runs as the files' owner, mounts them read-only in that step alone, and gives none of them to a group", async () => {
    const pod = podOf(await declare("staging"), "shop-uploads-backup");
    const [backup] = pod.initContainers;
    const [publish] = pod.containers;
    assert.deepEqual([backup.securityContext.runAsUser, backup.securityContext.runAsGroup], [1000, 1000]);
    assert.equal("fsGroup" in pod.securityContext, false);
    const mounts = ({ volumeMounts }: Fields) => volumeMounts.filter(({ name }: Fields) => name === "volume");
    assert.deepEqual(mounts(backup), [{ name: "volume", mountPath: "/volume", readOnly: true }]);
    assert.deepEqual(mounts(publish), []);
  });

  it("needs scratch for its index, not for the volume", async () => {
    const pod = podOf(await declare("prod"), "shop-uploads-backup");
    assert.equal(pod.volumes.find(({ name }: Fields) => name === "scratch").emptyDir.sizeLimit, "512Mi");
  });

  it("is restored into a new claim, never into the one in use, by a group that the new volume admits", async () => {
    const resources = await declare("prod");
    const pod = podOf(resources, "shop-uploads-backup-restore");
    assert.deepEqual(volumeOf(pod).persistentVolumeClaim, { claimName: "shop-uploads-restored" });
    assert.equal(pod.securityContext.fsGroup, 1000);
    const drill = podOf(resources, "shop-uploads-drill");
    assert.equal(volumeOf(drill), undefined);
    const claims = JSON.stringify([pod, drill]).match(/"claimName":"[^"]+"/g);
    assert.deepEqual([...new Set(claims)], ['"claimName":"shop-uploads-restored"']);
  });
});
