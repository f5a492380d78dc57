import { set } from "./set.ts";

/** A fresh CronJob that every policy accepts. */
export function compliantCronJob() {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { namespace: "shop", name: "orders-backup" },
    spec: {
      schedule: "0 2 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          activeDeadlineSeconds: 3600,
          backoffLimit: 3,
          template: { spec: compliantPod() },
        },
      },
    },
  };
}

/** A fresh pod specification that every policy accepts: one init container, one container. */
export function compliantPod() {
  const container = (name: string) => ({
    name,
    image: "registry.example.com:5000/team/dump:1.4.2",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { memory: "128Mi", "ephemeral-storage": "512Mi" },
    },
  });
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
    initContainers: [container("prepare")],
    containers: [container("dump")],
    volumes: [{ name: "scratch", emptyDir: { sizeLimit: "256Mi" } }],
  };
}

/** Path of the pod's specification in a CronJob. */
export const POD = "spec.jobTemplate.spec.template.spec";

/** The compliant CronJob with one value changed, or with it removed where the value is undefined. */
export function cronJobWith(path: string, value: unknown) {
  return set(compliantCronJob(), path, value);
}

/** A fresh CronJob that backs a datastore up, and loses no more than the 26 hours that it promises. */
export function backupCronJob() {
  const job = compliantCronJob();
  const labels = { "upkeep/datastore": "main" };
  const annotations = { "upkeep/recovery-point": "26h", "upkeep/survives": "0" };
  return { ...job, metadata: { ...job.metadata, labels, annotations } };
}
