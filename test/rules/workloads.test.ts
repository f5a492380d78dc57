import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import { assumed, daemonSet, deployment, guide, statefulSet } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Workload } from "../../domain/declaration/workload.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";
import { cadvisor, clusterSeen, kubeStateMetrics, limit, owned } from "./exporters.ts";
import { type Firing, fires, judge, type Series } from "./promtool.ts";

const database = keeping(shop, "orders");
const namespace = "shop";
const environment = environmentOf("prod");

/** A service of one workload, and no other fact that an alert follows from. */
function only(workload: Workload): Service {
  return {
    ...database,
    indicators: {},
    objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
    endpoints: [],
    alerts: [],
    workloads: [workload],
  };
}

const judged = (workload: Workload, series: Series, ...expected: Firing[]) =>
  judge([{ name: "alerts", rules: serviceAlerts(only(workload), environment) }], series, expected);

const notReady = fires("WorkloadNotReady");

describe("WorkloadNotReady", () => {
  const core = deployment("shop-web");
  const one = { namespace, deployment: "shop-web" };
  const wanted = kubeStateMetrics("kube_deployment_spec_replicas", one, "3x60");

  it("fires after ten minutes with too few ready pods, and not before", () =>
    judged(
      core,
      { ...clusterSeen, ...wanted, ...kubeStateMetrics("kube_deployment_status_replicas_ready", one, "2x60") },
      notReady("9m"),
      notReady("11m", "Deployment shop/shop-web has had 1 fewer ready pods than it should for 10m, or does not exist."),
    ));

  it("is silent when a rollout is over in time", () =>
    judged(
      core,
      { ...clusterSeen, ...wanted, ...kubeStateMetrics("kube_deployment_status_replicas_ready", one, "2x8 3x50") },
      notReady("15m"),
      notReady("50m"),
    ));

  it("does not start again when kube-state-metrics restarts elsewhere", () => {
    const moved = { ...one, instance: "10.0.0.8:8080" };
    return judged(
      core,
      {
        ...clusterSeen,
        ...kubeStateMetrics("kube_deployment_spec_replicas", one, "3x5 stale"),
        ...kubeStateMetrics("kube_deployment_status_replicas_ready", one, "2x5 stale"),
        ...kubeStateMetrics("kube_deployment_spec_replicas", moved, "_x5 3x50"),
        ...kubeStateMetrics("kube_deployment_status_replicas_ready", moved, "_x5 2x50"),
      },
      notReady("11m", "Deployment shop/shop-web has had 1 fewer ready pods than it should for 10m, or does not exist."),
    );
  });

  it("is silent about a namesake in another namespace", () => {
    const other = { ...one, namespace: "shop-staging" };
    return judged(
      core,
      {
        ...clusterSeen,
        ...wanted,
        ...kubeStateMetrics("kube_deployment_status_replicas_ready", one, "3x60"),
        ...kubeStateMetrics("kube_deployment_spec_replicas", other, "5x60"),
        ...kubeStateMetrics("kube_deployment_status_replicas_ready", other, "0x60"),
      },
      notReady("30m"),
    );
  });

  it("fires when the workload is gone", () =>
    judged(
      core,
      clusterSeen,
      notReady("11m", "Deployment shop/shop-web has had 1 fewer ready pods than it should for 10m, or does not exist."),
    ));

  it("is silent while kube-state-metrics exports nothing at all", () => judged(core, {}, notReady("30m")));

  it("counts a StatefulSet's pods", () => {
    const set = { namespace, statefulset: "store" };
    return judged(
      statefulSet("store"),
      {
        ...clusterSeen,
        ...kubeStateMetrics("kube_statefulset_replicas", set, "2x60"),
        ...kubeStateMetrics("kube_statefulset_status_replicas_ready", set, "0x20 2x40"),
      },
      notReady("11m", "StatefulSet shop/store has had 2 fewer ready pods than it should for 10m, or does not exist."),
      notReady("25m"),
    );
  });

  it("counts a DaemonSet's pods", () => {
    const set = { namespace, daemonset: "agent" };
    return judged(
      daemonSet("agent"),
      {
        ...clusterSeen,
        ...kubeStateMetrics("kube_daemonset_status_desired_number_scheduled", set, "5x60"),
        ...kubeStateMetrics("kube_daemonset_status_number_ready", set, "4x20 5x40"),
      },
      notReady("11m", "DaemonSet shop/agent has had 1 fewer ready pods than it should for 10m, or does not exist."),
      notReady("25m"),
    );
  });
});

describe("a bound on what a container uses of its limit", () => {
  const workload = deployment("shop-web", {
    container: "core",
    cpuBelow: [{ value: guide("70%"), for: assumed("15m"), severity: "warning" }],
    memoryBelow: [
      { value: guide("80%"), for: assumed("15m"), severity: "info" },
      { value: guide("90%"), for: guide("10m"), severity: "warning" },
    ],
  });
  const busy = { namespace, pod: "shop-web-7d9c5b6f4-x2x4z", container: "core" };
  const quiet = { namespace, pod: "shop-web-7d9c5b6f4-b8b8b", container: "core" };
  const web = { ...owned("shop-web", busy.pod), ...owned("shop-web", quiet.pod) };
  const cpuLimits = { ...web, ...limit("cpu", busy, "2x60"), ...limit("cpu", quiet, "2x60") };
  const memoryLimits = { ...web, ...limit("memory", busy, "1000x60"), ...limit("memory", quiet, "1000x60") };
  /** Seconds of CPU, counted up each minute. */
  const cpu = (labels: Record<string, string>, cores: number) =>
    cadvisor("container_cpu_usage_seconds_total", { ...labels, cpu: "total" }, `0+${cores * 60}x60`);
  const memory = (labels: Record<string, string>, bytes: number) =>
    cadvisor("container_memory_working_set_bytes", labels, `${bytes}x60`);
  const cpuHigh = fires("WorkloadCpuHigh");
  const memoryHigh = (at: string, ...fires: Firing["fires"]): Firing => ({ at, alert: "WorkloadMemoryHigh", fires });

  it("fires on the pod that uses most CPU, after its time", () =>
    judged(
      workload,
      { ...cpuLimits, ...cpu(busy, 1.5), ...cpu(quiet, 0.1) },
      cpuHigh("18m"),
      cpuHigh(
        "21m",
        "A container core of Deployment shop/shop-web uses 75% of its CPU limit, or of its request if it has no limit.",
      ),
    ));

  it("is silent just below its share", () =>
    judged(workload, { ...cpuLimits, ...cpu(busy, 1.38), ...cpu(quiet, 0.1) }, cpuHigh("40m")));

  it("takes the request of a pod without a limit, and the limit of one that has both", () => {
    const requests = { ...limit("cpu", busy, "1x60", "requests"), ...limit("cpu", quiet, "1x60", "requests") };
    const given = { ...web, ...limit("cpu", quiet, "2x60"), ...requests, ...cpu(quiet, 0.9) };
    return Promise.all([
      judged(workload, { ...given, ...cpu(busy, 0.65) }, cpuHigh("40m")),
      judged(
        workload,
        { ...given, ...cpu(busy, 0.75) },
        cpuHigh(
          "21m",
          "A container core of Deployment shop/shop-web uses 75% of its CPU limit, or of its request if it has no limit.",
        ),
      ),
    ]);
  });

  it("leaves out the pod's own group, other containers, and the pods of other owners, whatever their names", () => {
    const canary = { ...busy, pod: "shop-web-canary-z9z9z" };
    return judged(
      workload,
      {
        ...cpuLimits,
        ...owned("shop-web-canary", canary.pod),
        ...limit("cpu", canary, "2x60"),
        ...cpu({ ...busy, container: "", image: "", name: "" }, 2),
        ...cpu({ ...busy, container: "sidecar" }, 2),
        ...cpu(canary, 2),
        ...cpu(busy, 1),
      },
      cpuHigh("40m"),
    );
  });

  it("fires for memory at each of its shares", () =>
    judged(
      workload,
      { ...memoryLimits, ...memory(busy, 910), ...memory(quiet, 100) },
      memoryHigh("9m"),
      memoryHigh(
        "17m",
        {
          labels: { severity: "info" },
          description:
            "A container core of Deployment shop/shop-web uses 91% of its memory limit, or of its request if it has no limit.",
        },
        {
          labels: { severity: "warning" },
          description:
            "A container core of Deployment shop/shop-web uses 91% of its memory limit, or of its request if it has no limit.",
        },
      ),
    ));

  it("has a lower severity at the lower share than at the higher", () =>
    judged(
      workload,
      { ...memoryLimits, ...memory(busy, 850), ...memory(quiet, 100) },
      memoryHigh("40m", {
        labels: { severity: "info" },
        description:
          "A container core of Deployment shop/shop-web uses 85% of its memory limit, or of its request if it has no limit.",
      }),
    ));

  it("does not count the page cache", () =>
    judged(
      workload,
      { ...memoryLimits, ...memory(busy, 700), ...cadvisor("container_memory_usage_bytes", busy, "990x60") },
      memoryHigh("40m"),
    ));

  it("counts a container that was restarted once", () => {
    const before = { ...busy, id: "/kubepods.slice/before", name: "before" };
    const after = { ...busy, id: "/kubepods.slice/after", name: "after" };
    return judged(workload, { ...memoryLimits, ...memory(before, 600), ...memory(after, 600) }, memoryHigh("40m"));
  });
});

describe("an autoscaler's alerts", () => {
  const workload = deployment("shop-web", { autoscale: { min: guide(3), max: assumed(10), cpu: assumed("70%") } });
  const one = { namespace, horizontalpodautoscaler: "shop-web" };
  const info = kubeStateMetrics(
    "kube_horizontalpodautoscaler_info",
    { ...one, scaletargetref_kind: "Deployment", scaletargetref_name: "shop-web" },
    "1x60",
  );
  /** One series for each status that a condition can have, as kube-state-metrics writes them. */
  const condition = (type: string, status: "true" | "false") =>
    Object.assign(
      {},
      ...["true", "false", "unknown"].map((each) =>
        kubeStateMetrics(
          "kube_horizontalpodautoscaler_status_condition",
          { ...one, condition: type, status: each },
          each === status ? "1x60" : "0x60",
        ),
      ),
    ) as Series;
  const scaled = (
    min: number,
    max: number,
    desired: number,
    limited: "true" | "false",
    active: "true" | "false" = "true",
  ) => ({
    ...clusterSeen,
    ...info,
    ...kubeStateMetrics("kube_horizontalpodautoscaler_spec_min_replicas", one, `${min}x60`),
    ...kubeStateMetrics("kube_horizontalpodautoscaler_spec_max_replicas", one, `${max}x60`),
    ...kubeStateMetrics("kube_horizontalpodautoscaler_status_desired_replicas", one, `${desired}x60`),
    ...condition("ScalingLimited", limited),
    ...condition("ScalingActive", active),
  });
  const maxedOut = (at: string, ...descriptions: string[]): Firing => ({
    at,
    alert: "AutoscalerMaxedOut",
    fires: descriptions.map((description) => ({ description })),
  });
  const inactive = (at: string, ...descriptions: string[]): Firing => ({
    at,
    alert: "AutoscalerInactive",
    fires: descriptions.map((description) => ({ description })),
  });

  it("fire at its most when it wants more", () =>
    judged(
      workload,
      scaled(3, 10, 10, "true"),
      maxedOut("14m"),
      maxedOut("16m", "The autoscaler of shop/shop-web has been at its most, 10 pods, for 15m and wants more."),
      inactive("40m"),
    ));
  it("are silent at its most when that is enough", () => judged(workload, scaled(3, 10, 10, "false"), maxedOut("40m")));
  it("are silent just below its most", () => judged(workload, scaled(3, 10, 9, "true"), maxedOut("40m")));
  it("are silent where least and most are the same", () => judged(workload, scaled(3, 3, 3, "true"), maxedOut("40m")));
  it("fire when it has no metrics", () =>
    judged(
      workload,
      scaled(3, 10, 3, "false", "false"),
      inactive("14m"),
      inactive("16m", "The autoscaler of shop/shop-web has had no metrics to act on for 15m, or does not exist."),
    ));
  it("fire when it is gone, and are silent while kube-state-metrics exports nothing", async () => {
    const gone = "The autoscaler of shop/shop-web has had no metrics to act on for 15m, or does not exist.";
    await judged(workload, clusterSeen, inactive("16m", gone));
    await judged(workload, {}, inactive("40m"));
  });
});
