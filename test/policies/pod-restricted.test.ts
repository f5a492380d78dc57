import assert from "node:assert/strict";
import { templatePaths } from "../../domain/kubernetes/writtenObjects.ts";
import { podRestricted } from "../../policies/pod-restricted.ts";
import { found, judge, texts, UNKNOWN } from "./judge.ts";
import { compliantCronJob, compliantPod, cronJobWith, POD } from "./manifests.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";

const FIRST = `${POD}.containers.0`;
const NAMED = `${POD}.containers[name=dump]`;
const INIT = `${POD}.initContainers.0`;

/** Where the mutation is made and to what, undefined removing; and the path that the message must name, where it is another. */
type Mutation = [refuses: string, path: string, value: unknown, names?: string];

const mutations: Mutation[] = [
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
  ["an init container that may escalate", `${INIT}.securityContext.allowPrivilegeEscalation`, true],
];

const accepted: [accepts: string, path: string, value: unknown][] = [
  ["NET_BIND_SERVICE", `${FIRST}.securityContext.capabilities.add`, ["NET_BIND_SERVICE"]],
  ["a token of the job's own account", POD, ownAccount()],
];

describe("the policy pod-restricted", () => {
  for (const [kind, path] of Object.entries(templatePaths)) {
    // Any version of these groups: the pod is at the same place in each.
    for (const type of [`kubernetes:apps/v1:${kind}`, `kubernetes:extensions/v1beta1:${kind}`]) {
      const at = [...path, "spec"].join(".");

      it(`accepts a pod that satisfies the standard, and refuses one that does not: ${type}`, () => {
        assert.deepEqual(judge(podRestricted, type, set({}, at, compliantPod())), []);
        assert.deepEqual(found(podRestricted, type, set({}, at, { ...compliantPod(), hostPID: true })), [
          ["host-namespace-shared", `${at}.hostPID`],
        ]);
      });
    }
  }

  for (const [refuses, path, value, names = named(path)] of mutations) {
    it(`refuses ${refuses}`, () => {
      const paths = found(podRestricted, CRONJOB, cronJobWith(path, value)).map(([, at]) => at);
      assert.ok(paths.includes(names), paths.join("\n"));
    });
  }

  for (const [accepts, path, value] of accepted) {
    it(`accepts ${accepts}`, () => assert.deepEqual(judge(podRestricted, CRONJOB, cronJobWith(path, value)), []));
  }

  it("refuses an unconfined AppArmor profile by annotation, of the pod's template alone", () => {
    const name = "container.apparmor.security.beta.kubernetes.io/dump";
    const template = POD.replace(/\.spec$/, "");
    const annotated = (at: string, profile: string) =>
      found(podRestricted, CRONJOB, set(compliantCronJob(), at, { [name]: profile }));
    assert.deepEqual(annotated(`${template}.metadata.annotations`, "unconfined"), [
      ["apparmor-profile-refused", `${template}.metadata.annotations["${name}"]`],
    ]);
    for (const profile of ["runtime/default", "localhost/dump", ""]) {
      assert.deepEqual(annotated(`${template}.metadata.annotations`, profile), []);
    }
    assert.deepEqual(annotated("metadata.annotations", "unconfined"), []);
    const pod = { metadata: { annotations: { [name]: "unconfined" } }, spec: compliantPod() };
    assert.deepEqual(found(podRestricted, "kubernetes:core/v1:Pod", pod), [
      ["apparmor-profile-refused", `metadata.annotations["${name}"]`],
    ]);
  });

  it("asks for no user where the template says that the cluster assigns them", () => {
    const unnumbered = cronJobWith(`${POD}.securityContext.runAsUser`, undefined);
    const template = POD.replace(/\.spec$/, "");
    for (const [users, faults] of [
      ["none", 0],
      ["some", 2],
    ] as const) {
      const job = set(structuredClone(unnumbered), `${template}.metadata.annotations`, { "upkeep/users": users });
      assert.equal(found(podRestricted, CRONJOB, job).length, faults);
    }
  });

  it("judges of a Patch what is in it", () => {
    const patch = (spec: object) => found(podRestricted, "kubernetes:core/v1:PodPatch", { spec });
    assert.deepEqual(patch({ containers: [{ name: "app", env: [] }] }), []);
    assert.deepEqual(patch({ containers: [{ name: "app", securityContext: { privileged: true } }] }), [
      ["container-privileged", "spec.containers[name=app].securityContext.privileged"],
    ]);
  });

  it("only advises about pods of others", () => {
    const [verdict] = judge(podRestricted, CRONJOB, cronJobWith(`${POD}.hostPID`, true), "anyone");
    assert.equal(verdict?.enforcementLevel, "advisory");
    assert.equal(verdict?.faults?.length, 1);
  });

  it("still judges a container whose own name is not known yet", () => {
    const job = cronJobWith(`${FIRST}.name`, UNKNOWN);
    set(job, `${FIRST}.securityContext.readOnlyRootFilesystem`, false);
    assert.deepEqual(found(podRestricted, CRONJOB, job), [
      ["root-filesystem-writable", `${POD}.containers[0].securityContext.readOnlyRootFilesystem`],
    ]);
  });

  it("never prints what is where it does not belong", () => {
    const secret = "correct horse battery staple";
    for (const [, path] of mutations) {
      const text = texts(podRestricted, CRONJOB, cronJobWith(path, secret));
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

function ownAccount() {
  const { spec } = compliantCronJob().spec.jobTemplate.spec.template;
  return { ...spec, serviceAccountName: "orders-backup", automountServiceAccountToken: true };
}
