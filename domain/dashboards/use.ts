import { curves } from "./panels.ts";
import type { Row } from "./row.ts";

/** As many curves as a person tells apart. */
const LARGEST = 10;

const resources = [
  { resource: "cpu", title: "CPU", unit: "short", of: "cores", used: cpuUsed },
  { resource: "memory", title: "Memory", unit: "bytes", of: "bytes, without the page cache", used: memoryUsed },
] as const;

/** What the pods of the service's namespace use, the largest by name, and all together beside what they request. */
export const use: Row = ({ namespace, workloads }) =>
  workloads.length === 0
    ? []
    : resources.flatMap(({ resource, title, unit, of, used }) => [
        curves({
          title: `${title} of the largest pods`,
          description: `What each of the ${LARGEST} largest pods of namespace ${namespace} uses, in ${of}. At each moment it is the largest of then.`,
          unit,
          queries: [["{{pod}}", `topk(${LARGEST}, sum by (pod) (${used(namespace)}))`]],
          span: 12,
        }),
        curves({
          title: `${title} used and requested`,
          description: `What all pods of namespace ${namespace} use together, in ${of}, and what they request: the nodes keep that free for them.`,
          unit,
          queries: [
            ["used", `sum(${used(namespace)})`],
            ["requested", `sum(${requested(namespace, resource)})`],
          ],
          span: 12,
        }),
      ]);

/** The cores that each container of a namespace uses. */
export function cpuUsed(namespace: string): string {
  return `rate(container_cpu_usage_seconds_total{namespace="${namespace}",container!=""}[5m])`;
}

/** The bytes that each container of a namespace uses. */
export function memoryUsed(namespace: string): string {
  return `container_memory_working_set_bytes{namespace="${namespace}",container!=""}`;
}

/** kube-state-metrics reports the requests of pods that have ended too, such as those of jobs. */
function requested(namespace: string, resource: string): string {
  const scope = `namespace="${namespace}"`;
  return `kube_pod_container_resource_requests{${scope},resource="${resource}"} and on (pod) kube_pod_status_phase{${scope},phase=~"Pending|Running"} == 1`;
}
