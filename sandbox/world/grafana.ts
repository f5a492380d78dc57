import type { KubernetesObject } from "@kubernetes/client-node";
import { imageNames } from "../images/names.ts";
import { configMap, label, restrictedPod, secret, service } from "./objects.ts";
import type { World } from "./world.ts";

const USER = 1000;
const PORT = 3000;
const name = "grafana";

/** Content of the mock: nested folders, a dashboard in each and one outside, a data source with a secret, a rule. */
function content(of: string): object {
  const dashboard = (id: number, uid: string, title: string, folderUid?: string) => ({
    dashboard: {
      ...{ id, uid, title, version: 4, schemaVersion: 39, tags: [of], time: { from: "now-6h", to: "now" } },
      panels: [{ id: 1, type: "timeseries", title: "Größe", targets: [{ expr: 'up{job="a"}', refId: "A" }] }],
    },
    meta: { folderUid: folderUid ?? "", canSave: true, version: 4, created: "2026-01-05T08:00:00Z" },
  });
  return {
    version: "12.1.0",
    folders: [
      { id: 1, uid: "team", title: `Team ${of}`, version: 1 },
      { id: 2, uid: "team-old", title: "Old", parentUid: "team", version: 1 },
    ],
    dashboards: [
      dashboard(3, "overview", `${of} overview`, "team"),
      dashboard(4, "history", `${of} history`, "team-old"),
      dashboard(5, "scratchpad", "Scratch"),
      // One Grafana holds more than a search gives at once.
      ...Array.from({ length: of === "lang-observatory" ? 130 : 0 }, (_, at) =>
        dashboard(10 + at, `n${at}`, `No. ${at}`),
      ),
    ],
    dataSources: [
      {
        ...{ id: 1, orgId: 1, uid: "prometheus", name: "Prometheus", type: "prometheus", access: "proxy" },
        ...{ url: "http://prometheus:9090", basicAuth: true, basicAuthUser: "reader", isDefault: true, version: 2 },
        jsonData: { httpMethod: "POST" },
        secureJsonData: { basicAuthPassword: "the-mock-never-shows-this" },
      },
    ],
    alertRules: [
      {
        ...{ id: 7, uid: "rule-1", orgID: 1, folderUID: "team", ruleGroup: "slow", title: "Slow", condition: "A" },
        ...{ data: [{ refId: "A", datasourceUid: "prometheus", model: { expr: "up == 0" } }], for: "5m" },
        ...{ noDataState: "NoData", execErrState: "Error", updated: "2026-01-05T08:00:00Z" },
      },
    ],
  };
}

/** A mock of Grafana, with the token of its service account in a Secret. */
export function grafana(world: World, namespace: string): KubernetesObject[] {
  const labels = { ...label, app: name };
  const metadata = { namespace, name, labels };
  const token = "grafana-token";
  return [
    secret(namespace, token, { token: `glsa_${world.password(`${namespace}/${name}`)}` }),
    configMap(namespace, name, { "grafana.js": world.data("grafana.js") }),
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata,
      spec: {
        serviceName: name,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels },
          spec: restrictedPod(USER, {
            containers: [
              {
                name,
                image: imageNames.node,
                args: ["node", "/code/grafana.js"],
                env: [
                  { name: "GRAFANA", value: JSON.stringify(content(namespace)) },
                  { name: "TOKEN", valueFrom: { secretKeyRef: { name: token, key: "token" } } },
                  { name: "NODE_OPTIONS", value: "--max-old-space-size=32 --max-semi-space-size=1" },
                ],
                ports: [{ name: "main", containerPort: PORT, protocol: "TCP" }],
                readinessProbe: { httpGet: { path: "/api/health", port: PORT }, periodSeconds: 2, timeoutSeconds: 5 },
                volumeMounts: [{ name: "code", mountPath: "/code" }],
              },
            ],
            volumes: [{ name: "code", configMap: { name } }],
          }),
        },
      },
    } as KubernetesObject,
    service(namespace, name, name, PORT),
  ];
}
