import type { Service } from "../../domain/declaration/service.ts";
import type { Workload } from "../../domain/declaration/workload.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { weekdays } from "../../domain/values/weekday.ts";
import { blackbox, cadvisor, clusterSeen, kubeStateMetrics, limit, series } from "./exporters.ts";
import type { Series } from "./promtool.ts";

/** How many samples each series has, one a minute. */
const SAMPLES = 180;

const constant = (value: number) => `${value}x${SAMPLES}`;
const counting = (each: number) => `0+${each}x${SAMPLES}`;

/** When the run of a backup started and ended, and how long a drill took. Seconds. */
export const run = { started: 600, took: 1200 };

/**
 * What exporters report of a service that runs for three hours: each workload lacks one of three pods, each address answers, one request of
 * 2000 fails, each job ran once. The names are those of kube-state-metrics, blackbox exporter and client libraries, written here once more: a
 * query that asks for another name finds nothing.
 */
export function seriesOf(service: Service, { features }: Environment): Series {
  const probed = features.prometheusOperator && features.blackboxExporter !== undefined;
  return {
    ...clusterSeen,
    ...merged(service.workloads.map((workload) => workloadSeries(service, workload))),
    ...(features.vpa && merged(service.workloads.map((workload) => recommendedSeries(service, workload)))),
    ...merged(
      (probed ? service.endpoints : []).flatMap(({ name, urls }) => urls.map((url) => probeSeries(service, name, url))),
    ),
    ...requestSeries(service),
    ...(service.workloads.length > 0 && namespaceSeries(service.namespace)),
    ...merged(
      service.backups.flatMap((backup) => {
        const namespace =
          service.datastores.find(({ name }) => name === backup.datastore)?.namespace ?? service.namespace;
        const { drill } = backup;
        return [
          jobSeries(namespace, backup.job),
          ...(drill ? [jobSeries(namespace, drill.job, drill.only && weekdays.indexOf(drill.only.weekday))] : []),
        ];
      }),
    ),
  };
}

function merged(all: Series[]): Series {
  return Object.assign({}, ...all);
}

function workloadSeries({ namespace }: Service, { kind, name, autoscale }: Workload): Series {
  const of = { namespace, [kind.toLowerCase()]: name };
  const [wanted, ready] = {
    Deployment: ["kube_deployment_spec_replicas", "kube_deployment_status_replicas_ready"],
    StatefulSet: ["kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"],
    DaemonSet: ["kube_daemonset_status_desired_number_scheduled", "kube_daemonset_status_number_ready"],
  }[kind] as [string, string];
  const scaler = (metric: string, value: number) =>
    kubeStateMetrics(
      `kube_horizontalpodautoscaler_${metric}`,
      { namespace, horizontalpodautoscaler: name },
      constant(value),
    );
  return {
    ...kubeStateMetrics(wanted, of, constant(3)),
    ...kubeStateMetrics(ready, of, constant(2)),
    ...(autoscale && {
      ...scaler("info", 1),
      ...scaler("spec_min_replicas", 2),
      ...scaler("spec_max_replicas", 10),
      ...scaler("status_desired_replicas", 4),
    }),
  };
}

/** A pod of a workload, what it uses and requests, and what is recommended for it. */
function recommendedSeries({ namespace }: Service, { kind, name }: Workload): Series {
  const replicaset = `${name}-7d9f8c6b5d`;
  const pod = kind === "Deployment" ? `${replicaset}-x7k2p` : `${name}-x7k2p`;
  const of = { namespace, pod, container: name };
  const owner = (series: string, labels: Record<string, string>, owner_kind: string, owner_name: string) =>
    kubeStateMetrics(
      series,
      { ...labels, namespace, owner_kind, owner_name, owner_is_controller: "true" },
      constant(1),
    );
  const recommended = (resource: string, value: number) =>
    kubeStateMetrics(
      "kube_customresource_verticalpodautoscaler_status_recommendation_containerrecommendations_target",
      { namespace, container: name, resource, target_kind: kind, target_name: name },
      constant(value),
    );
  return {
    ...(kind === "Deployment"
      ? {
          ...owner("kube_pod_owner", { pod }, "ReplicaSet", replicaset),
          ...owner("kube_replicaset_owner", { replicaset }, kind, name),
        }
      : owner("kube_pod_owner", { pod }, kind, name)),
    ...limit("cpu", of, constant(0.5), "requests"),
    ...limit("memory", of, constant(1e9), "requests"),
    ...cadvisor("container_cpu_usage_seconds_total", of, counting(15)),
    ...cadvisor("container_memory_working_set_bytes", of, constant(5e8)),
    ...recommended("cpu", 0.3),
    ...recommended("memory", 6e8),
  };
}

/** How many bytes the claim of a namespace gets each minute, and how many it holds at first. */
export const claim = { first: 4000, each: 1, capacity: 1e6 };

/** Two pods, and one of a job that has ended; a claim whose pod moves to another node after an hour. */
function namespaceSeries(namespace: string): Series {
  const pod = (name: string, phase: string, cores: number, bytes: number): Series => {
    const of = { namespace, pod: name, container: "web" };
    const lives = phase === "Running";
    return {
      ...kubeStateMetrics("kube_pod_status_phase", { namespace, pod: name, phase: "Running" }, constant(lives ? 1 : 0)),
      ...kubeStateMetrics("kube_pod_status_phase", { namespace, pod: name, phase }, constant(1)),
      ...limit("cpu", of, constant(2 * cores), "requests"),
      ...limit("memory", of, constant(2 * bytes), "requests"),
      ...(lives && {
        ...cadvisor("container_cpu_usage_seconds_total", of, counting(60 * cores)),
        ...cadvisor("container_memory_working_set_bytes", of, constant(bytes)),
        // Of the pod's cgroup, which has no container.
        ...cadvisor("container_cpu_usage_seconds_total", { ...of, container: "" }, counting(60 * cores)),
        ...cadvisor("container_memory_working_set_bytes", { ...of, container: "" }, constant(bytes)),
      }),
    };
  };
  const volume = (what: string, node: string, samples: string) =>
    series(
      `kubelet_volume_stats_${what}_bytes`,
      { job: "kubelet", namespace, persistentvolumeclaim: "data", node, instance: node },
      samples,
    );
  const { first, each, capacity } = claim;
  const moving = (what: string, from: number, by: number) => {
    const step = by < 0 ? by : `+${by}`;
    return {
      ...volume(what, "node-1", `${from}${step}x59 stale`),
      ...volume(what, "node-2", `_x60 ${from + 60 * by}${step}x120`),
    };
  };
  return {
    ...pod("web-1", "Running", 0.5, 1e9),
    ...pod("web-2", "Running", 0.25, 2e9),
    ...pod("backup-1", "Succeeded", 8, 8e9),
    ...moving("used", first, each),
    ...moving("available", capacity - first, -each),
    ...moving("capacity", capacity, 0),
  };
}

function probeSeries(service: Service, endpoint: string, url: string): Series {
  const labels = { namespace: service.namespace, job: `upkeep/${service.name}/${endpoint}`, instance: url };
  return {
    ...blackbox("probe_success", labels, constant(1)),
    ...blackbox("probe_duration_seconds", labels, constant(0.25)),
    ...(url.startsWith("https:") &&
      blackbox("probe_ssl_last_chain_expiry_timestamp_seconds", labels, constant(60 * 86_400))),
  };
}

function requestSeries({ namespace, indicators: { requests, duration } }: Service): Series {
  const pod = { namespace, pod: "one", job: "web", instance: "10.0.0.2:3000" };
  const bucket = (le: string, each: number) => series(`${duration}_bucket`, { ...pod, le }, counting(each));
  return {
    ...(requests && {
      ...series(requests.total, { ...pod, status: "200" }, counting(1999)),
      ...series(requests.total, { ...pod, status: "503" }, counting(1)),
    }),
    ...(duration && { ...bucket("0.1", 1000), ...bucket("1", 2000), ...bucket("+Inf", 2000) }),
  };
}

/** @param weekday on which its guard lets it work; 1 January 1970 is a Thursday */
function jobSeries(namespace: string, job: string, weekday = 4): Series {
  const started = ((weekday - 4 + 7) % 7) * 86_400 + run.started;
  const labels = { namespace, job_name: `${job}-29000000` };
  return {
    ...kubeStateMetrics("kube_job_status_start_time", labels, constant(started)),
    ...kubeStateMetrics("kube_job_status_completion_time", labels, constant(started + run.took)),
    ...kubeStateMetrics(
      "kube_cronjob_status_last_successful_time",
      { namespace, cronjob: job },
      constant(started + run.took),
    ),
  };
}
