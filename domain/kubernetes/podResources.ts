import type { Attempt } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";
import { readable } from "../values/readable.ts";
import { checkPod } from "./podSecurity.ts";
import type { Container, PodSpec } from "./podSpec.ts";
import { parseQuantity } from "./quantity.ts";

type Amounts = Readonly<Record<string, string | number | undefined>>;

/**
 * Faults of containers without requests of cpu and memory, or limits of memory and ephemeral storage, of their own or the pod's.
 *
 * A CPU limit is not required: it throttles a job, and requests already protect its neighbours.
 *
 * @param at path of the pod's specification
 */
export function missingResourceFaults(pod: PodSpec, at = "spec", attempt?: Attempt): Fault[] {
  const container = [
    required("requests", "cpu", "100m"),
    required("requests", "memory", "128Mi"),
    required("limits", "memory", "128Mi"),
    required("limits", "ephemeral-storage", "256Mi"),
  ];
  return checkPod(pod, at, { pod: [], container }, attempt);
}

function required(kind: "requests" | "limits", resource: string, example: string) {
  return (container: Container, at: string, pod: PodSpec): Fault[] => {
    const amount = container.resources?.[kind]?.[resource] ?? pod.resources?.[kind]?.[resource];
    // What is no quantity is a fault of quantityFaults.
    if (amount !== undefined && amount !== "") return [];
    const path = `${at}.resources.${kind}.${resource}`;
    const fix = `set what the program uses, as in "${example}"`;
    return [{ code: "missing-resource-amount", path, got: undefined, allowed: "a quantity above 0", fix }];
  };
}

/** Faults of the quantities in a pod's specification, which the API refuses or with which no container starts. */
export function podQuantityFaults(pod: PodSpec, at = "spec", attempt?: Attempt): Fault[] {
  const checks = {
    pod: [(whole: PodSpec, path: string) => inResources(whole, path), volumes],
    container: [(container: Container, path: string) => inResources(container, path)],
  };
  return checkPod(pod, at, checks, attempt);
}

function inResources({ resources }: Pick<PodSpec, "resources">, at: string): Fault[] {
  return (["requests", "limits"] as const).flatMap((kind) =>
    amountFaults(resources?.[kind] ?? {}, `${at}.resources.${kind}`),
  );
}

function volumes(pod: PodSpec, at: string): Fault[] {
  return (pod.volumes ?? []).flatMap((volume, index) => [
    ...amountFaults({ sizeLimit: volume.emptyDir?.sizeLimit }, `${at}.volumes[${index}].emptyDir`),
    ...amountFaults(
      volume.ephemeral?.volumeClaimTemplate?.spec?.resources?.requests ?? {},
      `${at}.volumes[${index}].ephemeral.volumeClaimTemplate.spec.resources.requests`,
    ),
  ]);
}

/** Resources that are counted in bytes. */
const inBytes = /^(?:memory|ephemeral-storage|storage|sizeLimit|hugepages-.*)$/;
/** No runtime starts a container with less memory: runc itself needs more. */
const LEAST_MEMORY = 2 ** 20;

/** Faults of quantities by resource. @param at path of the quantities */
export function amountFaults(amounts: Amounts, at: string): Fault[] {
  return Object.keys(amounts).flatMap((resource) => {
    const amount = amounts[resource];
    const allowed = allowedAmount(resource, amount);
    if (allowed === undefined) return [];
    return [
      {
        code: "quantity-invalid",
        path: `${at}.${/^[\w./-]{1,60}$/.test(resource) ? resource : "*"}`,
        got: shownAmount(amount as string | number),
        allowed,
        fix: inBytes.test(resource) ? 'write for example "128Mi"' : 'write for example "100m"',
      },
    ];
  });
}

/** What is allowed instead of an amount; undefined if it is allowed. */
function allowedAmount(resource: string, amount: string | number | undefined): string | undefined {
  if (amount === undefined || amount === "") return undefined;
  if (!readable(() => parseQuantity(amount))) return "a number with a unit such as m, Ki, Mi, Gi, k, M, G";
  const value = parseQuantity(amount);
  if (value <= 0) return "above 0";
  if (inBytes.test(resource) && /[num]$/.test(String(amount)))
    return "whole bytes: m is a thousandth of a byte, Mi is meant";
  if (resource === "memory" && value < LEAST_MEMORY) return "1Mi or more: no container starts with less";
  return undefined;
}

/** A quantity, or a text that is short and has a digit first: any other may be a secret. */
function shownAmount(amount: string | number): string {
  return /^[+-]?[\d.]{1,20}[a-zA-Z]{0,2}$/.test(String(amount))
    ? `"${amount}"`
    : `text of ${String(amount).length} characters`;
}
