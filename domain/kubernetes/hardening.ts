/**
 * The pod security level "restricted", and more: a read-only root file system and a numeric user, so that
 * the kubelet can prove it is not root. Source: kubernetes.io/docs/concepts/security/pod-security-standards.
 */

/**
 * A pod's security context. The group owns its volumes, so that every container of the pod can share them.
 *
 * @param user undefined where the cluster assigns user and groups
 */
export function restrictedPod(user: number | undefined): {
  runAsNonRoot: true;
  runAsUser?: number;
  runAsGroup?: number;
  fsGroup?: number;
  seccompProfile: { type: string };
} {
  return {
    runAsNonRoot: true,
    ...(user !== undefined && { runAsUser: user, runAsGroup: user, fsGroup: user }),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A container's security context. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
