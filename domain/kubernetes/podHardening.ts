import type { Attempt } from "../values/attempt.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { checkPod, mustBe, restricted } from "./podSecurity.ts";
import type { Container, PodSpec } from "./podSpec.ts";

/**
 * Faults of a pod against "restricted" (podSecurity.ts), and beyond it a read-only root filesystem, a numeric user, and no service account
 * token unless requested.
 *
 * @param at path of the pod's specification
 * @param assigned whether the cluster assigns the users, as OpenShift does: the kubelet then sees a number that no manifest names
 * @returns all faults
 */
export function podSpecFaults(pod: PodSpec, at = "spec", attempt?: Attempt, assigned = false): Fault[] {
  const checks = {
    pod: [...restricted.pod, serviceAccountToken],
    container: [...restricted.container, readOnlyRootFilesystem, ...(assigned ? [] : [numericUser])],
  };
  return checkPod(pod, at, checks, attempt);
}

function serviceAccountToken(pod: PodSpec, at: string): Fault[] {
  const ownAccount = (pod.serviceAccountName ?? "default") !== "default";
  if (ownAccount || pod.automountServiceAccountToken === false) return [];
  return [
    {
      code: "default-account-token",
      path: `${at}.automountServiceAccountToken`,
      got: redacted(pod.automountServiceAccountToken),
      allowed: "false, unless serviceAccountName names an account of the workload's own",
      fix: "set it to false, or name the account that the program needs",
    },
  ];
}

function readOnlyRootFilesystem(container: Container, at: string): Fault[] {
  const path = `${at}.securityContext.readOnlyRootFilesystem`;
  return mustBe(container.securityContext?.readOnlyRootFilesystem, true, { code: "root-filesystem-writable", path });
}

function numericUser(container: Container, at: string, pod: PodSpec): Fault[] {
  const user = container.securityContext?.runAsUser ?? pod.securityContext?.runAsUser;
  // 0 is a fault of "restricted" already.
  if (Number.isSafeInteger(user) && (user as number) >= 0) return [];
  const path = `${at}.securityContext.runAsUser`;
  return [
    {
      code: "user-not-numeric",
      path,
      got: redacted(user),
      allowed: "a whole number above 0",
      fix: "set the image's own user, here or on the pod",
    },
  ];
}
