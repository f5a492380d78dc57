import type { V1Container, V1PodSpec, V1Volume } from "@kubernetes/client-node";
import type { Attempt } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";
import type { Written } from "./written.ts";

/** A pod's specification (PodSpec of core/v1), from a manifest, a component's arguments or the engine. */
export type PodSpec = Written<V1PodSpec>;
export type Container = Written<V1Container>;
export type PodVolume = Written<V1Volume>;

export type PodSecurityContext = NonNullable<PodSpec["securityContext"]>;
export type ContainerSecurityContext = NonNullable<Container["securityContext"]>;
/** The fields that a pod and a container both have; the container's wins. */
export type SharedSecurityContext = Pick<
  ContainerSecurityContext,
  keyof ContainerSecurityContext & keyof PodSecurityContext
>;

/**
 * Faults of every container and init container.
 *
 * @param at path of the pod's specification
 * @param check called with the container and its path, such as `spec.containers[name=app]`
 */
export function ofContainers(
  pod: PodSpec,
  at: string,
  attempt: Attempt,
  check: (container: Container, at: string) => Fault[],
): Fault[] {
  const lists = ["initContainers", "containers"] as const;
  return lists.flatMap((list) =>
    attempt(() =>
      // By index, so that an unknown element does not hide the others.
      Object.keys(pod[list] ?? []).flatMap((index) =>
        attempt(() => {
          const container = pod[list]?.[Number(index)] ?? {};
          return check(container, `${at}.${list}[${nameOf(container, attempt) ?? index}]`);
        }),
      ),
    ),
  );
}

function nameOf(container: Container, attempt: Attempt): string | undefined {
  let name: string | undefined;
  attempt(() => {
    name = container.name === undefined ? undefined : `name=${container.name}`;
    return [];
  });
  return name;
}
