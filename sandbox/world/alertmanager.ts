import type { KubernetesObject, V1Deployment } from "@kubernetes/client-node";
import { imageNames } from "../images/names.ts";
import { configMap, label, namespace, restrictedPod, service } from "./objects.ts";

const monitoring = "monitoring";
/** As prometheus-operator names the Service of the Alertmanagers that it runs. */
const name = "alertmanager-operated";
const USER = 65_534;
const PORT = 9093;

/** The minimum to start before it is configured: it lists alerts and notifies no one. */
const configuration = `route:
  receiver: nobody
receivers:
  - name: nobody
`;

/** A real Alertmanager, one replica, as a cluster with prometheus-operator has it. */
export function alertmanager(): KubernetesObject[] {
  const labels = { ...label, app: name };
  const deployment: V1Deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: monitoring, name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: restrictedPod(USER, {
          containers: [
            {
              name: "alertmanager",
              image: imageNames.alertmanager,
              args: [
                "--config.file=/etc/alertmanager/alertmanager.yml",
                "--storage.path=/alertmanager",
                // A single replica has no peers.
                "--cluster.listen-address=",
              ],
              ports: [{ name: "main", containerPort: PORT, protocol: "TCP" }],
              readinessProbe: { httpGet: { path: "/-/ready", port: PORT }, periodSeconds: 2, timeoutSeconds: 5 },
              volumeMounts: [
                { name: "configuration", mountPath: "/etc/alertmanager" },
                { name: "data", mountPath: "/alertmanager" },
              ],
            },
          ],
          volumes: [
            { name: "configuration", configMap: { name } },
            { name: "data", emptyDir: {} },
          ],
        }),
      },
    },
  };
  return [
    ...namespace(monitoring),
    configMap(monitoring, name, { "alertmanager.yml": configuration }),
    deployment,
    service(monitoring, name, name, PORT),
  ];
}
