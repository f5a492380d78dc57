import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { kubectl } from "../parts/kubectl.ts";
import { s3AccessKey } from "../parts/seaweedfs.ts";
import type { Settings } from "../settings.ts";
import { alertmanager } from "./alertmanager.ts";
import { jsMcp } from "./js-mcp.ts";
import { langObservatory } from "./lang-observatory.ts";
import { mplp } from "./mplp.ts";
import { secret } from "./objects.ts";
import { Passwords } from "./passwords.ts";
import { tapio } from "./tapio.ts";
import { taskMcp } from "./task-mcp.ts";
import { makeFolder, volumeObjects } from "./volume.ts";
import type { FolderClaim, World } from "./world.ts";

/** The field manager of what is here before the program. */
const MANAGER = "upkeep-sandbox";

/**
 * Declares what a team already has when it adopts the program: the services of the five guides, with data, and an
 * Alertmanager. The program refers to them and owns nothing of them.
 *
 * Without a node it is declared all the same, and its pods stay pending.
 */
export async function declareWorld(settings: Settings): Promise<void> {
  const passwords = await Passwords.read(settings);
  const volumes: FolderClaim[] = [];
  const writer = await s3AccessKey(settings, "backup-writer");
  const restorer = await s3AccessKey(settings, "backup-restorer");
  const world: World = {
    password: (of) => passwords.of(of),
    data: (file) => readFileSync(join(import.meta.dirname, "data", file), "utf8"),
    volume: (volume) => {
      volumes.push(volume);
      return volumeObjects(settings, volume);
    },
    backupCredentials: (namespace) =>
      Object.entries({ "backup-credentials": writer, "backup-restore-credentials": restorer }).map(([name, key]) =>
        secret(namespace, name, { "access-key-id": key.accessKeyId, "secret-access-key": key.secretAccessKey }),
      ),
  };
  const objects = [
    ...[taskMcp, jsMcp, mplp, tapio, langObservatory].flatMap((guide) => guide(world)),
    ...alertmanager(),
  ];

  await passwords.keep();
  if (settings.node) await Promise.all(volumes.map((volume) => makeFolder(settings, volume)));
  await apply(settings, objects);
}

/** Reverts manual changes to what is declared. */
async function apply(settings: Settings, items: KubernetesObject[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const how = ["--server-side", "--force-conflicts", `--field-manager=${MANAGER}`];
  await kubectl(settings, ["apply", ...how, "--filename=-"], list);
}
