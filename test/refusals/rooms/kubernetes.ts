import { bindingFaults, roleFaults } from "../../../domain/kubernetes/accessRights.ts";
import { cronJobFaults, cronJobTimeFaults } from "../../../domain/kubernetes/cronJob.ts";
import { imageFaults } from "../../../domain/kubernetes/imageReference.ts";
import { inlineSecretFaults } from "../../../domain/kubernetes/inlineSecret.ts";
import { podSpecFaults } from "../../../domain/kubernetes/podHardening.ts";
import { missingResourceFaults, podQuantityFaults } from "../../../domain/kubernetes/podResources.ts";
import { compliantPod, cronJobWith, POD } from "../../policies/manifests.ts";
import { set } from "../../policies/set.ts";
import type { Example, Room } from "../room.ts";

/** Of the CronJob that every policy accepts, with one value changed. */
const cronJob = (code: string, path: string, value: unknown): Example => ({
  code,
  faults: () => {
    const { spec } = cronJobWith(path, value);
    return [...cronJobTimeFaults(spec), ...cronJobFaults(spec)];
  },
});

const role = (code: string, rule: { verbs: string[]; resources?: string[] }): Example => ({
  code,
  faults: () => roleFaults({ rules: [rule] }, true),
});

/** Of the pod that every policy accepts, with one value changed. */
const pod = (code: string, path: string, value: unknown): Example => ({
  code,
  faults: () => {
    const pod = set(compliantPod(), path, value);
    return [...podSpecFaults(pod), ...missingResourceFaults(pod), ...podQuantityFaults(pod)];
  },
});

const image = (code: string, name: string | undefined): Example => ({
  code,
  faults: () => imageFaults(set(compliantPod(), "containers.0.image", name)),
});

export const room: Room = {
  title: "Kubernetes objects (domain/kubernetes)",
  sources: ["domain/kubernetes/*.ts"],
  examples: [
    role("role-allows-everything", { verbs: ["*"] }),
    role("role-climbs", { verbs: ["escalate"] }),
    role("role-reads-all-secrets", { resources: ["secrets"], verbs: ["list"] }),
    role("role-runs-in-any-pod", { resources: ["pods/exec"], verbs: ["create"] }),
    {
      code: "bound-to-everything",
      faults: () =>
        bindingFaults({
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        }),
    },
    cronJob("cronjob-schedule-invalid", "spec.schedule", "0 25 * * *"),
    cronJob("cronjob-schedule-invalid", "spec.schedule", "TZ=Etc/UTC 0 2 * * *"),
    cronJob("cronjob-schedule-drifts", "spec.schedule", "@every 1h"),
    cronJob("missing-time-zone", "spec.timeZone", undefined),
    cronJob("cronjob-time-zone-invalid", "spec.timeZone", "Mars/Olympus"),
    cronJob("cronjob-runs-overlap", "spec.concurrencyPolicy", "Allow"),
    cronJob("starting-deadline-invalid", "spec.startingDeadlineSeconds", 9),
    cronJob("active-deadline-invalid", "spec.jobTemplate.spec.activeDeadlineSeconds", undefined),
    cronJob("deadline-outlasts-interval", "spec.jobTemplate.spec.activeDeadlineSeconds", 86_400),
    cronJob("history-limit-invalid", "spec.failedJobsHistoryLimit", 0),
    cronJob("run-deletes-its-logs", "spec.jobTemplate.spec.ttlSecondsAfterFinished", 0),
    cronJob("restart-policy-invalid", `${POD}.restartPolicy`, "Always"),
    cronJob("backoff-limit-invalid", "spec.jobTemplate.spec.backoffLimit", 7),
    image("missing-image", undefined),
    image("image-unreadable", "Redis: the newest"),
    image("image-without-tag", "registry.example.com/team/cache"),
    image("image-tag-moves", "redis:8"),
    {
      code: "inline-credential",
      faults: () =>
        inlineSecretFaults("ConfigMap", {
          data: {
            DB_PASSWORD: "correct-horse",
            "settings.yaml": "database:\n  password: correct-horse\n",
            url: "redis://:correct-horse@redis",
          },
        }),
    },
    pod("default-account-token", "automountServiceAccountToken", undefined),
    pod("root-filesystem-writable", "containers.0.securityContext.readOnlyRootFilesystem", false),
    pod("user-not-numeric", "securityContext.runAsUser", undefined),
    pod("missing-resource-amount", "containers.0.resources.limits.memory", undefined),
    pod("quantity-invalid", "containers.0.resources.limits.memory", "128m"),
    pod("quantity-invalid", "containers.0.resources.requests.cpu", "0"),
    pod("host-namespace-shared", "hostNetwork", true),
    pod("volume-type-refused", "volumes.0", { name: "logs", hostPath: { path: "/var/log" } }),
    pod("sysctl-unsafe", "securityContext.sysctls", [{ name: "kernel.msgmax" }]),
    pod("seccomp-profile-refused", "containers.0.securityContext.seccompProfile", { type: "Unconfined" }),
    pod("missing-seccomp-profile", "securityContext.seccompProfile", undefined),
    pod("apparmor-profile-refused", "securityContext.appArmorProfile", { type: "Unconfined" }),
    pod("selinux-option-refused", "securityContext.seLinuxOptions", { type: "spc_t" }),
    pod("windows-host-process", "securityContext.windowsOptions", { hostProcess: true }),
    pod("may-run-as-root", "securityContext.runAsNonRoot", undefined),
    pod("may-run-as-root", "containers.0.securityContext.runAsNonRoot", false),
    pod("runs-as-root", "containers.0.securityContext.runAsUser", 0),
    pod("container-privileged", "containers.0.securityContext.privileged", true),
    pod("proc-unmasked", "containers.0.securityContext.procMount", "Unmasked"),
    pod("privilege-escalation", "containers.0.securityContext.allowPrivilegeEscalation", undefined),
    pod("capability-added", "containers.0.securityContext.capabilities.add", ["SYS_ADMIN"]),
    pod("capabilities-kept", "containers.0.securityContext.capabilities.drop", ["NET_RAW"]),
    pod("host-port", "containers.0.ports", [{ hostPort: 80 }]),
    pod("handler-host", "containers.0.livenessProbe", { httpGet: { host: "10.0.0.1" } }),
  ],
};
