import { existsSync } from "node:fs";
import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { V1PersistentVolume, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { Settings } from "../settings.ts";
import { label } from "./objects.ts";
import type { FolderClaim } from "./world.ts";

export function volumeObjects(settings: Settings, volume: FolderClaim): [V1PersistentVolume, V1PersistentVolumeClaim] {
  const { namespace, claim: name } = volume;
  const shared = { accessModes: ["ReadWriteOnce"], storageClassName: "sandbox" };
  return [
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `${namespace}-${name}`, labels: label },
      spec: {
        ...shared,
        capacity: { storage: volume.size },
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name },
        local: { path: folder(settings, volume) },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [settings.name] }] },
            ],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { namespace, name, labels: label },
      spec: {
        ...shared,
        volumeName: `${namespace}-${name}`,
        resources: { requests: { storage: volume.size } },
      },
    },
  ];
}

/** Makes the folder, as an administrator does before they declare a local volume. Needs root. */
export async function makeFolder(settings: Settings, volume: FolderClaim): Promise<void> {
  const path = folder(settings, volume);
  if (existsSync(path)) return;
  await mkdir(path, { recursive: true });
  await chown(path, volume.owner, volume.owner);
  for (const [name, text] of Object.entries(volume.files ?? {})) {
    await writeFile(join(path, name), text);
    await chown(join(path, name), volume.owner, volume.owner);
  }
}

function folder(settings: Settings, { namespace, claim }: FolderClaim): string {
  return join(settings.directory, "volumes", `${namespace}-${claim}`);
}
