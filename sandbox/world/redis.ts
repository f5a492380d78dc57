import type { KubernetesObject, V1StatefulSet } from "@kubernetes/client-node";
import { imageNames } from "../images/names.ts";
import { configMap, label, restrictedPod, service } from "./objects.ts";
import type { World } from "./world.ts";

const USER = 999;
const PORT = 6379;

/** Redis answers before it is filled, so the pod counts as started only when the last key is there. */
const fill = `until redis-cli ping | grep -q PONG; do sleep 0.2; done
[ "$(redis-cli exists filled)" = 1 ] || redis-cli < /data-to-load/commands > /tmp/filled
[ "$(redis-cli exists filled)" = 1 ]`;

/** A Redis server that keeps its data, without a password. */
export function redisServer(world: World, namespace: string, name: string, commands: string): KubernetesObject[] {
  const labels = { ...label, app: name };
  const statefulSet: V1StatefulSet = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { namespace, name, labels },
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: restrictedPod(USER, {
          containers: [
            {
              name: "redis",
              image: imageNames.redis,
              // The vendor's build has no protected mode; Debian's refuses clients of other pods without a password.
              args: ["--save", "60 1", "--maxmemory", "64mb", "--protected-mode", "no"],
              ports: [{ name: "main", containerPort: PORT, protocol: "TCP" }],
              lifecycle: { postStart: { exec: { command: ["sh", "-ec", fill] } } },
              readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 2, timeoutSeconds: 5 },
              volumeMounts: [
                { name: "data", mountPath: "/data" },
                { name: "commands", mountPath: "/data-to-load" },
                { name: "tmp", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: `data-${name}-0` } },
            { name: "commands", configMap: { name: `${name}-data` } },
            { name: "tmp", emptyDir: {} },
          ],
        }),
      },
    },
  };
  return [
    configMap(namespace, `${name}-data`, { commands }),
    ...world.volume({ namespace, claim: `data-${name}-0`, size: "1Gi", owner: USER }),
    statefulSet,
    service(namespace, name, name, PORT),
  ];
}
