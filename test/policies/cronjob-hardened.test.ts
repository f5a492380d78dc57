import assert from "node:assert/strict";
import { cronjobHardened } from "../../policies/cronjob-hardened.ts";
import { judge, messages, UNKNOWN } from "./judge.ts";
import { compliantCronJob, cronJobWith, POD } from "./manifests.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";

interface Mutation {
  refuses: string;
  /** Where the mutation is made, and to what; undefined removes. */
  path: string;
  value: unknown;
  /** The path that the message must name, where it is not the one above. */
  names?: string;
}

const JOB = "spec.jobTemplate.spec";
const FIRST = `${POD}.containers.0`;
const NAMED = `${POD}.containers[name=dump]`;
const INIT = `${POD}.initContainers.0`;
const NAMED_INIT = `${POD}.initContainers[name=prepare]`;

const mutations: Mutation[] = [
  { refuses: "a missing schedule", path: "spec.schedule", value: undefined },
  { refuses: "a schedule that Kubernetes would not parse", path: "spec.schedule", value: "0 25 * * *" },
  { refuses: "a schedule that meets no day", path: "spec.schedule", value: "0 0 31 2 *" },
  { refuses: "a time zone inside the schedule", path: "spec.schedule", value: "TZ=Etc/UTC 0 2 * * *" },
  { refuses: "a missing time zone", path: "spec.timeZone", value: undefined },
  { refuses: "the controller's own time zone", path: "spec.timeZone", value: "Local" },
  { refuses: "a missing concurrency policy", path: "spec.concurrencyPolicy", value: undefined },
  { refuses: "runs side by side", path: "spec.concurrencyPolicy", value: "Allow" },
  { refuses: "a missing starting deadline", path: "spec.startingDeadlineSeconds", value: undefined },
  { refuses: "a starting deadline under 10 seconds", path: "spec.startingDeadlineSeconds", value: 9 },
  { refuses: "a starting deadline of the whole interval", path: "spec.startingDeadlineSeconds", value: 86_400 },
  { refuses: "a missing active deadline", path: `${JOB}.activeDeadlineSeconds`, value: undefined },
  { refuses: "an active deadline of zero", path: `${JOB}.activeDeadlineSeconds`, value: 0 },
  { refuses: "an active deadline of the whole interval", path: `${JOB}.activeDeadlineSeconds`, value: 86_400 },
  { refuses: "a missing limit of kept successes", path: "spec.successfulJobsHistoryLimit", value: undefined },
  { refuses: "keeping no successful run", path: "spec.successfulJobsHistoryLimit", value: 0 },
  { refuses: "a missing limit of kept failures", path: "spec.failedJobsHistoryLimit", value: undefined },
  { refuses: "keeping 11 failed runs", path: "spec.failedJobsHistoryLimit", value: 11 },
  { refuses: "a missing restart policy", path: `${POD}.restartPolicy`, value: undefined },
  { refuses: "restarting for ever", path: `${POD}.restartPolicy`, value: "Always" },
  { refuses: "7 retries", path: `${JOB}.backoffLimit`, value: 7 },
  { refuses: "the node's network", path: `${POD}.hostNetwork`, value: true },
  { refuses: "the node's processes", path: `${POD}.hostPID`, value: true },
  { refuses: "the node's memory", path: `${POD}.hostIPC`, value: true },
  {
    refuses: "a service account token of the default account",
    path: `${POD}.automountServiceAccountToken`,
    value: undefined,
  },
  {
    refuses: "a folder of the node",
    path: `${POD}.volumes.0`,
    value: { name: "logs", hostPath: { path: "/var/log" } },
    names: `${POD}.volumes[0].hostPath`,
  },
  {
    refuses: "a sysctl that reaches beyond the pod",
    path: `${POD}.securityContext.sysctls`,
    value: [{ name: "kernel.msgmax", value: "1" }],
    names: `${POD}.securityContext.sysctls[0].name`,
  },
  {
    refuses: "a user that may be root",
    path: `${POD}.securityContext.runAsNonRoot`,
    value: undefined,
    names: `${NAMED}.securityContext.runAsNonRoot`,
  },
  {
    refuses: "a user without a number",
    path: `${POD}.securityContext.runAsUser`,
    value: undefined,
    names: `${NAMED}.securityContext.runAsUser`,
  },
  {
    refuses: "a pod that undoes its containers' runAsNonRoot",
    path: POD,
    value: podOfRoot(),
    names: `${POD}.securityContext.runAsNonRoot`,
  },
  {
    refuses: "an SELinux role of one's own",
    path: `${FIRST}.securityContext.seLinuxOptions`,
    value: { role: "sysadm_r" },
    names: `${NAMED}.securityContext.seLinuxOptions.role`,
  },
  { refuses: "root as the pod's user", path: `${POD}.securityContext.runAsUser`, value: 0 },
  {
    refuses: "root as a container's user",
    path: `${FIRST}.securityContext.runAsUser`,
    value: 0,
    names: `${NAMED}.securityContext.runAsUser`,
  },
  {
    refuses: "a container that undoes the pod's runAsNonRoot",
    path: `${FIRST}.securityContext.runAsNonRoot`,
    value: false,
    names: `${NAMED}.securityContext.runAsNonRoot`,
  },
  {
    refuses: "a pod without a seccomp profile",
    path: `${POD}.securityContext.seccompProfile`,
    value: undefined,
    names: `${NAMED}.securityContext.seccompProfile.type`,
  },
  {
    refuses: "an unconfined container",
    path: `${FIRST}.securityContext.seccompProfile`,
    value: { type: "Unconfined" },
    names: `${NAMED}.securityContext.seccompProfile.type`,
  },
  {
    refuses: "an unconfined AppArmor profile",
    path: `${POD}.securityContext.appArmorProfile`,
    value: { type: "Unconfined" },
    names: `${POD}.securityContext.appArmorProfile.type`,
  },
  {
    refuses: "an SELinux type of one's own",
    path: `${POD}.securityContext.seLinuxOptions`,
    value: { type: "spc_t" },
    names: `${POD}.securityContext.seLinuxOptions.type`,
  },
  {
    refuses: "a privileged container",
    path: `${FIRST}.securityContext.privileged`,
    value: true,
    names: `${NAMED}.securityContext.privileged`,
  },
  {
    refuses: "privilege escalation",
    path: `${FIRST}.securityContext.allowPrivilegeEscalation`,
    value: undefined,
    names: `${NAMED}.securityContext.allowPrivilegeEscalation`,
  },
  {
    refuses: "a writable root filesystem",
    path: `${FIRST}.securityContext.readOnlyRootFilesystem`,
    value: false,
    names: `${NAMED}.securityContext.readOnlyRootFilesystem`,
  },
  {
    refuses: "capabilities that are not dropped",
    path: `${FIRST}.securityContext.capabilities.drop`,
    value: ["NET_RAW"],
    names: `${NAMED}.securityContext.capabilities.drop`,
  },
  {
    refuses: "an added capability",
    path: `${FIRST}.securityContext.capabilities.add`,
    value: ["NET_BIND_SERVICE", "SYS_ADMIN"],
    names: `${NAMED}.securityContext.capabilities.add`,
  },
  {
    refuses: "an unmasked /proc",
    path: `${FIRST}.securityContext.procMount`,
    value: "Unmasked",
    names: `${NAMED}.securityContext.procMount`,
  },
  {
    refuses: "a port of the node",
    path: `${FIRST}.ports`,
    value: [{ containerPort: 80, hostPort: 80 }],
    names: `${NAMED}.ports[0].hostPort`,
  },
  {
    refuses: "a hook that calls another host",
    path: `${FIRST}.lifecycle`,
    value: { preStop: { httpGet: { host: "10.0.0.1", port: 80 } } },
    names: `${NAMED}.lifecycle.preStop.httpGet.host`,
  },
  {
    refuses: "a missing CPU request",
    path: `${FIRST}.resources.requests.cpu`,
    value: undefined,
    names: `${NAMED}.resources.requests.cpu`,
  },
  {
    refuses: "a missing memory request",
    path: `${FIRST}.resources.requests.memory`,
    value: undefined,
    names: `${NAMED}.resources.requests.memory`,
  },
  {
    refuses: "a missing memory limit",
    path: `${FIRST}.resources.limits.memory`,
    value: undefined,
    names: `${NAMED}.resources.limits.memory`,
  },
  {
    refuses: "a missing limit of ephemeral storage",
    path: `${FIRST}.resources.limits.ephemeral-storage`,
    value: undefined,
    names: `${NAMED}.resources.limits.ephemeral-storage`,
  },
  {
    refuses: "an init container that may escalate",
    path: `${INIT}.securityContext.allowPrivilegeEscalation`,
    value: true,
    names: `${NAMED_INIT}.securityContext.allowPrivilegeEscalation`,
  },
  {
    refuses: "an init container without limits",
    path: `${INIT}.resources.limits.memory`,
    value: undefined,
    names: `${NAMED_INIT}.resources.limits.memory`,
  },
];

const accepted: { accepts: string; path: string; value: unknown }[] = [
  { accepts: "Replace with an active deadline beyond the interval", path: "spec", value: replacing() },
  { accepts: "a suspended CronJob whose schedule never fires", path: "spec", value: suspended() },
  { accepts: "a job without a CPU limit", path: `${FIRST}.resources.limits.cpu`, value: undefined },
  { accepts: "a job without probes", path: `${FIRST}.livenessProbe`, value: undefined },
  { accepts: "a missing backoffLimit, which is 6", path: `${JOB}.backoffLimit`, value: undefined },
  { accepts: "NET_BIND_SERVICE", path: `${FIRST}.securityContext.capabilities.add`, value: ["NET_BIND_SERVICE"] },
  { accepts: "a token of the job's own account", path: POD, value: ownAccount() },
  { accepts: "limits on the pod as a whole", path: POD, value: podLevelResources() },
];

describe("the policy cronjob-hardened", () => {
  it("accepts a hardened CronJob", () => {
    assert.deepEqual(judge(cronjobHardened, CRONJOB, compliantCronJob()), []);
  });

  for (const { refuses, path, value, names = path } of mutations) {
    it(`refuses ${refuses}`, () => {
      const found = messages(cronjobHardened, CRONJOB, cronJobWith(path, value));
      assert.ok(found.length > 0, "no violation");
      assert.ok(
        found.some((message) => message.includes(`: ${names} is `)),
        found.join("\n"),
      );
    });
  }

  for (const { accepts, path, value } of accepted) {
    it(`accepts ${accepts}`, () => {
      assert.deepEqual(messages(cronjobHardened, CRONJOB, cronJobWith(path, value)), []);
    });
  }

  it("reports one violation for one fault", () => {
    assert.equal(messages(cronjobHardened, CRONJOB, cronJobWith("spec.timeZone", undefined)).length, 1);
  });

  it("judges the deadlines by the shortest interval of an irregular schedule", () => {
    const job = cronJobWith("spec.schedule", "0,5 2 * * *");
    const found = messages(cronjobHardened, CRONJOB, job);
    assert.deepEqual(
      found.map((message) => /: (spec\S+) is/.exec(message)?.[1]),
      ["spec.startingDeadlineSeconds", `${JOB}.activeDeadlineSeconds`],
    );
    assert.match(found.join("\n"), /below 300 \(5m\)/);
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
    assert.match(verdicts[2]?.message ?? "", /not checked, because not known before the update: spec\.schedule\./);
  });

  it("still judges a container whose own name is not known yet", () => {
    const job = cronJobWith(`${FIRST}.name`, UNKNOWN);
    set(job, `${FIRST}.securityContext.readOnlyRootFilesystem`, false);
    const [violation] = messages(cronjobHardened, CRONJOB, job);
    assert.match(violation ?? "", /containers\[0\]\.securityContext\.readOnlyRootFilesystem is false/);
  });

  it("never prints what stands where it does not belong", () => {
    const secret = "correct horse battery staple";
    for (const { path } of mutations) {
      const text = messages(cronjobHardened, CRONJOB, cronJobWith(path, secret)).join("\n");
      assert.ok(!text.includes(secret), `${path}: ${text}`);
    }
  });
});

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
