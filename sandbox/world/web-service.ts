import type {
  KubernetesObject,
  V1DaemonSet,
  V1Deployment,
  V1PodTemplateSpec,
  V1StatefulSet,
} from "@kubernetes/client-node";
import { imageNames } from "../images/names.ts";
import { configMap, label, restrictedPod } from "./objects.ts";
import type { World } from "./world.ts";

const USER = 1000;
const CODE = "web-service";

/** A small HTTP server in place of a guide's service: its health endpoints and its metrics. */
export interface WebService {
  namespace: string;
  /** Of the workload, and of its pods' label `app`. */
  name: string;
  kind?: "Deployment" | "StatefulSet" | "DaemonSet";
  container: string;
  /** Undefined if an autoscaler decides: a declared field is owned by its declarer. */
  replicas?: number;
  labels?: Record<string, string>;
  port: number;
  /** The path that says whether it can serve. */
  ready: string;
  /** Each path with what it answers, as JSON. */
  paths: Record<string, unknown>;
  metrics?: Metrics;
  /** Claims that it keeps data in, by the path where it sees them. */
  claims?: Record<string, string>;
}

/** In the guide's names. */
interface Metrics {
  /** Counter of answers, by status. */
  requests?: string;
  /** Histogram of seconds to the answer. */
  durations?: string;
  /** Others, as series that do not change: `auth_attempts_total{status="success"}` with its value. */
  series?: Record<string, number>;
}

/** The code of all web services of a namespace. */
export function webServiceCode(world: World, namespace: string): KubernetesObject {
  return configMap(namespace, CODE, { "server.js": world.data("web-service.js") });
}

export function webService(of: WebService): V1Deployment | V1StatefulSet | V1DaemonSet {
  const { namespace, name } = of;
  const claims = Object.entries(of.claims ?? {});
  const labels = { ...label, app: name, ...of.labels };
  const { port, ready, paths, metrics } = of;
  const template: V1PodTemplateSpec = {
    metadata: { labels },
    spec: restrictedPod(USER, {
      containers: [
        {
          name: of.container,
          image: imageNames.node,
          args: ["node", "/code/server.js"],
          env: [
            { name: "SERVICE", value: JSON.stringify({ port, ready, paths, metrics }) },
            // Keeps a server that does next to nothing at about 45 MB.
            { name: "NODE_OPTIONS", value: "--max-old-space-size=32 --max-semi-space-size=1" },
          ],
          ports: [{ name: "main", containerPort: port, protocol: "TCP" }],
          readinessProbe: { httpGet: { path: ready, port }, periodSeconds: 2, timeoutSeconds: 5 },
          volumeMounts: [
            { name: "code", mountPath: "/code" },
            ...claims.map(([mountPath, claim]) => ({ name: claim, mountPath })),
          ],
        },
      ],
      volumes: [
        { name: "code", configMap: { name: CODE } },
        ...claims.map(([, claim]) => ({ name: claim, persistentVolumeClaim: { claimName: claim } })),
      ],
    }),
  };
  const metadata = { namespace, name, labels };
  const selector = { matchLabels: { app: name } };
  if (of.kind === "DaemonSet") {
    return { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: { selector, template } };
  }
  if (of.kind === "StatefulSet") {
    return { apiVersion: "apps/v1", kind: "StatefulSet", metadata, spec: { serviceName: name, selector, template } };
  }
  const spec = { ...(of.replicas && { replicas: of.replicas }), selector, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
}
