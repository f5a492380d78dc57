import type { Series } from "./promtool.ts";

/** Series as the exporters write them and Prometheus stores them, with the labels that the scrape adds. */

type Labels = Record<string, string>;

export function series(name: string, labels: Labels, samples: string): Series {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { [`${name}{${matchers.join(",")}}`]: samples };
}

/** A series of kube-state-metrics. @param labels `instance` where it restarts elsewhere */
export function kubeStateMetrics(name: string, labels: Labels, samples: string): Series {
  return series(name, { instance: "10.0.0.9:8080", job: "kube-state-metrics", ...labels }, samples);
}

/** That kube-state-metrics is scraped: CoreDNS is a Deployment of every cluster. */
export const clusterSeen = kubeStateMetrics(
  "kube_deployment_created",
  { namespace: "kube-system", deployment: "coredns" },
  "1700000000x4000",
);

/** A series of a container, from the kubelet's cadvisor. */
export function cadvisor(name: string, labels: Labels, samples: string): Series {
  const scrape = {
    instance: "10.0.0.1:10250",
    job: "kubelet",
    metrics_path: "/metrics/cadvisor",
    node: "node-1",
    service: "kubelet",
  };
  const id = `/kubepods.slice/${labels.pod}/${labels.container}`;
  return series(
    name,
    { ...scrape, id, image: "example", name: `${labels.pod}-${labels.container}`, ...labels },
    samples,
  );
}

/** A series of blackbox exporter, as a Probe's job scrapes it. */
export function blackbox(name: string, labels: Labels, samples: string): Series {
  return series(name, labels, samples);
}

/** A container's limit, or its request, from kube-state-metrics. */
export function limit(
  resource: "cpu" | "memory",
  labels: Labels,
  samples: string,
  of: "limits" | "requests" = "limits",
): Series {
  const unit = resource === "cpu" ? "core" : "byte";
  return kubeStateMetrics(
    `kube_pod_container_resource_${of}`,
    { uid: "u", node: "node-1", resource, unit, ...labels },
    samples,
  );
}

/** The owners of a Deployment's pod: its ReplicaSet, and that one's Deployment. */
export function owned(deployment: string, pod: string, namespace = "shop"): Series {
  const replicaset = pod.slice(0, pod.lastIndexOf("-"));
  const isController = { owner_is_controller: "true" };
  return {
    ...kubeStateMetrics(
      "kube_pod_owner",
      { ...isController, namespace, pod, uid: "u", owner_kind: "ReplicaSet", owner_name: replicaset },
      "1x60",
    ),
    ...kubeStateMetrics(
      "kube_replicaset_owner",
      { ...isController, namespace, replicaset, owner_kind: "Deployment", owner_name: deployment },
      "1x60",
    ),
  };
}
