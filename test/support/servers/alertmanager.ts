import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort, type Server, startServer } from "./server.ts";

/**
 * Starts replicas of a real Alertmanager that know each other; `alertmanager` is on PATH.
 *
 * @param folder an empty one
 * @param peerTimeout how long each replica waits for the one before it
 */
export async function startAlertmanagers(
  folder: string,
  configuration: object,
  count = 1,
  peerTimeout = "15s",
): Promise<Server[]> {
  writeFileSync(join(folder, "alertmanager.yaml"), stringify(configuration));
  const peers = await Promise.all(Array.from({ length: count }, freePort));
  return Promise.all(
    peers.map(async (port) => {
      const host = `127.0.0.1:${await freePort()}`;
      const data = join(folder, `data-${port}`);
      mkdirSync(data);
      return startServer(
        "alertmanager",
        [
          `--config.file=${join(folder, "alertmanager.yaml")}`,
          `--storage.path=${data}`,
          `--web.listen-address=${host}`,
          // A single replica has no peers.
          `--cluster.listen-address=${count === 1 ? "" : `127.0.0.1:${port}`}`,
          ...(count === 1 ? [] : ["--cluster.settle-timeout=1s", `--cluster.peer-timeout=${peerTimeout}`]),
          ...peers.filter((peer) => peer !== port).map((peer) => `--cluster.peer=127.0.0.1:${peer}`),
        ],
        `http://${host}`,
        "/-/ready",
      );
    }),
  );
}
