import assert from "node:assert/strict";
import { cronjobHardened } from "../../policies/cronjob-hardened.ts";
import { faultsOf, found, judge, texts, UNKNOWN, unknownIn } from "./judge.ts";
import { compliantCronJob, cronJobWith, POD } from "./manifests.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";

/** Where the mutation is made and to what, undefined removing; and the path that the message must name, where it is another. */
type Mutation = [refuses: string, path: string, value: unknown, names?: string];

const JOB = "spec.jobTemplate.spec";
const FIRST = `${POD}.containers.0`;
const NAMED = `${POD}.containers[name=dump]`;
const INIT = `${POD}.initContainers.0`;

const mutations: Mutation[] = [
  ["a missing schedule", "spec.schedule", undefined],
  ["a schedule that Kubernetes would not parse", "spec.schedule", "0 25 * * *"],
  ["a schedule that meets no day", "spec.schedule", "0 0 31 2 *"],
  ["a time zone inside the schedule", "spec.schedule", "TZ=Etc/UTC 0 2 * * *"],
  ["a missing time zone", "spec.timeZone", undefined],
  ["the controller's own time zone", "spec.timeZone", "Local"],
  ["a missing concurrency policy", "spec.concurrencyPolicy", undefined],
  ["runs side by side", "spec.concurrencyPolicy", "Allow"],
  ["a missing starting deadline", "spec.startingDeadlineSeconds", undefined],
  ["a starting deadline under 10 seconds", "spec.startingDeadlineSeconds", 9],
  ["a starting deadline of the whole interval", "spec.startingDeadlineSeconds", 86_400],
  ["a missing active deadline", `${JOB}.activeDeadlineSeconds`, undefined],
  ["an active deadline of zero", `${JOB}.activeDeadlineSeconds`, 0],
  ["an active deadline of the whole interval", `${JOB}.activeDeadlineSeconds`, 86_400],
  ["a missing limit of kept successes", "spec.successfulJobsHistoryLimit", undefined],
  ["keeping no successful run", "spec.successfulJobsHistoryLimit", 0],
  ["a missing limit of kept failures", "spec.failedJobsHistoryLimit", undefined],
  ["keeping 11 failed runs", "spec.failedJobsHistoryLimit", 11],
  ["a missing restart policy", `${POD}.restartPolicy`, undefined],
  ["restarting for ever", `${POD}.restartPolicy`, "Always"],
  ["7 retries", `${JOB}.backoffLimit`, 7],
  ["the node's network", `${POD}.hostNetwork`, true],
  ["the node's processes", `${POD}.hostPID`, true],
  ["the node's memory", `${POD}.hostIPC`, true],
  ["a service account token of the default account", `${POD}.automountServiceAccountToken`, undefined],
  [
    "a folder of the node",
    `${POD}.volumes.0`,
    { name: "logs", hostPath: { path: "/var/log" } },
    `${POD}.volumes[0].hostPath`,
  ],
  [
    "a sysctl that reaches beyond the pod",
    `${POD}.securityContext.sysctls`,
    [{ name: "kernel.msgmax", value: "1" }],
    `${POD}.securityContext.sysctls[0].name`,
  ],
  [
    "a user that may be root",
    `${POD}.securityContext.runAsNonRoot`,
    undefined,
    `${NAMED}.securityContext.runAsNonRoot`,
  ],
  ["a user without a number", `${POD}.securityContext.runAsUser`, undefined, `${NAMED}.securityContext.runAsUser`],
  ["a pod that undoes its containers' runAsNonRoot", POD, podOfRoot(), `${POD}.securityContext.runAsNonRoot`],
  [
    "an SELinux role of one's own",
    `${FIRST}.securityContext.seLinuxOptions`,
    { role: "sysadm_r" },
    `${NAMED}.securityContext.seLinuxOptions.role`,
  ],
  ["root as the pod's user", `${POD}.securityContext.runAsUser`, 0],
  ["root as a container's user", `${FIRST}.securityContext.runAsUser`, 0],
  ["a container that undoes the pod's runAsNonRoot", `${FIRST}.securityContext.runAsNonRoot`, false],
  [
    "a pod without a seccomp profile",
    `${POD}.securityContext.seccompProfile`,
    undefined,
    `${NAMED}.securityContext.seccompProfile.type`,
  ],
  [
    "an unconfined container",
    `${FIRST}.securityContext.seccompProfile`,
    { type: "Unconfined" },
    `${NAMED}.securityContext.seccompProfile.type`,
  ],
  [
    "an unconfined AppArmor profile",
    `${POD}.securityContext.appArmorProfile`,
    { type: "Unconfined" },
    `${POD}.securityContext.appArmorProfile.type`,
  ],
  [
    "an SELinux type of one's own",
    `${POD}.securityContext.seLinuxOptions`,
    { type: "spc_t" },
    `${POD}.securityContext.seLinuxOptions.type`,
  ],
  ["a privileged container", `${FIRST}.securityContext.privileged`, true],
  ["privilege escalation", `${FIRST}.securityContext.allowPrivilegeEscalation`, undefined],
  ["a writable root filesystem", `${FIRST}.securityContext.readOnlyRootFilesystem`, false],
  ["capabilities that are not dropped", `${FIRST}.securityContext.capabilities.drop`, ["NET_RAW"]],
  ["an added capability", `${FIRST}.securityContext.capabilities.add`, ["NET_BIND_SERVICE", "SYS_ADMIN"]],
  ["an unmasked /proc", `${FIRST}.securityContext.procMount`, "Unmasked"],
  ["a port of the node", `${FIRST}.ports`, [{ containerPort: 80, hostPort: 80 }], `${NAMED}.ports[0].hostPort`],
  [
    "a hook that calls another host",
    `${FIRST}.lifecycle`,
    { preStop: { httpGet: { host: "10.0.0.1", port: 80 } } },
    `${NAMED}.lifecycle.preStop.httpGet.host`,
  ],
  ["a missing CPU request", `${FIRST}.resources.requests.cpu`, undefined],
  ["a missing memory request", `${FIRST}.resources.requests.memory`, undefined],
  ["a missing memory limit", `${FIRST}.resources.limits.memory`, undefined],
  ["a missing limit of ephemeral storage", `${FIRST}.resources.limits.ephemeral-storage`, undefined],
  ["an init container that may escalate", `${INIT}.securityContext.allowPrivilegeEscalation`, true],
  ["an init container without limits", `${INIT}.resources.limits.memory`, undefined],
];

const accepted: [accepts: string, path: string, value: unknown][] = [
  ["Replace with an active deadline beyond the interval", "spec", replacing()],
  ["a suspended CronJob whose schedule never fires", "spec", suspended()],
  ["a job without a CPU limit", `${FIRST}.resources.limits.cpu`, undefined],
  ["a job without probes", `${FIRST}.livenessProbe`, undefined],
  ["a missing backoffLimit, which is 6", `${JOB}.backoffLimit`, undefined],
  ["NET_BIND_SERVICE", `${FIRST}.securityContext.capabilities.add`, ["NET_BIND_SERVICE"]],
  ["a token of the job's own account", POD, ownAccount()],
  ["limits on the pod as a whole", POD, podLevelResources()],
];

describe("the policy cronjob-hardened", () => {
  it("accepts a hardened CronJob", () => {
    assert.deepEqual(judge(cronjobHardened, CRONJOB, compliantCronJob()), []);
  });

  for (const [refuses, path, value, names = named(path)] of mutations) {
    it(`refuses ${refuses}`, () => {
      const paths = found(cronjobHardened, CRONJOB, cronJobWith(path, value)).map(([, at]) => at);
      assert.ok(paths.includes(names), paths.join("\n"));
    });
  }

  for (const [accepts, path, value] of accepted) {
    it(`accepts ${accepts}`, () => {
      assert.deepEqual(judge(cronjobHardened, CRONJOB, cronJobWith(path, value)), []);
    });
  }

  it("reports one violation for one fault", () => {
    assert.deepEqual(found(cronjobHardened, CRONJOB, cronJobWith("spec.timeZone", undefined)), [
      ["cronjob-time-zone-invalid", "spec.timeZone"],
    ]);
  });

  it("judges the deadlines by the shortest interval of an irregular schedule", () => {
    const job = cronJobWith("spec.schedule", "0,5 2 * * *");
    assert.deepEqual(found(cronjobHardened, CRONJOB, job), [
      ["deadline-outlasts-interval", "spec.startingDeadlineSeconds"],
      ["deadline-outlasts-interval", `${JOB}.activeDeadlineSeconds`],
    ]);
    for (const { allowed } of faultsOf(cronjobHardened, CRONJOB, job)) assert.match(allowed, /\b300\b/);
  });

  it("judges everything else when one value is not known yet, and says what it could not judge", () => {
    const job = cronJobWith("spec.schedule", UNKNOWN);
    set(job, "spec.concurrencyPolicy", "Allow");
    set(job, `${POD}.hostNetwork`, true);
    const verdicts = judge(cronjobHardened, CRONJOB, job);
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, undefined, "advisory"],
    );
    assert.deepEqual(unknownIn(verdicts), ["spec.schedule"]);
  });

  it("still judges a container whose own name is not known yet", () => {
    const job = cronJobWith(`${FIRST}.name`, UNKNOWN);
    set(job, `${FIRST}.securityContext.readOnlyRootFilesystem`, false);
    assert.deepEqual(found(cronjobHardened, CRONJOB, job), [
      ["root-filesystem-writable", `${POD}.containers[0].securityContext.readOnlyRootFilesystem`],
    ]);
  });

  it("never prints what is where it does not belong", () => {
    const secret = "correct horse battery staple";
    for (const [, path] of mutations) {
      const text = texts(cronjobHardened, CRONJOB, cronJobWith(path, secret));
      assert.ok(!text.includes(secret), `${path}: ${text}`);
    }
  });
});

/** The path as a message writes it: with the containers' names. */
function named(path: string): string {
  return path.replace(FIRST, NAMED).replace(INIT, `${POD}.initContainers[name=prepare]`);
}

function podOfRoot() {
  const { spec } = compliantCronJob().spec.jobTemplate.spec.template;
  for (const container of [...spec.containers, ...spec.initContainers]) {
    set(container, "securityContext.runAsNonRoot", true);
  }
  return set(spec, "securityContext.runAsNonRoot", false);
}

function replacing() {
  const { spec } = compliantCronJob();
  spec.concurrencyPolicy = "Replace";
  spec.jobTemplate.spec.activeDeadlineSeconds = 100_000;
  return spec;
}

function suspended() {
  const { spec } = compliantCronJob();
  return { ...spec, suspend: true, schedule: "0 0 31 2 *" };
}

function ownAccount() {
  const { spec } = compliantCronJob().spec.jobTemplate.spec.template;
  return { ...spec, serviceAccountName: "orders-backup", automountServiceAccountToken: true };
}

function podLevelResources() {
  const { spec } = compliantCronJob().spec.jobTemplate.spec.template;
  const [dump] = spec.containers;
  const { cpu, memory } = { cpu: "1", memory: "1Gi" };
  return {
    ...spec,
    resources: { requests: { cpu, memory }, limits: { memory } },
    containers: [{ ...dump, resources: { limits: { "ephemeral-storage": "256Mi" } } }],
  };
}
