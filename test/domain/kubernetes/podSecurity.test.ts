import assert from "node:assert/strict";
import { checkPod, mustBe, restricted } from "../../../domain/kubernetes/podSecurity.ts";
import type {
  Container,
  ContainerSecurityContext,
  PodSpec,
  SharedSecurityContext,
} from "../../../domain/kubernetes/podSpec.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { refused } from "../../support/refused.ts";

const contained: ContainerSecurityContext = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
const app: Container = { name: "app", securityContext: contained };
const APP = "spec.containers[name=app]";

/** The faults by "restricted" of a pod that has none but for what is changed. */
const faults = (pod: PodSpec) => refused(checkPod({ containers: [app], ...pod }, "spec", restricted));
const inContainer = (container: Container, pod: PodSpec = {}) =>
  faults({ ...pod, containers: [{ ...app, ...container }] });
const inContext = (context: object, pod: PodSpec = {}) =>
  inContainer({ securityContext: { ...contained, ...context } }, pod);
const without = (field: keyof ContainerSecurityContext, pod: PodSpec = {}) => {
  const { [field]: _, ...securityContext } = contained;
  return inContainer({ securityContext }, pod);
};

describe("the Pod Security Standard restricted", () => {
  it("finds nothing in a pod that satisfies it", () => assert.deepEqual(faults({}), []));

  it("judges a container without a security context by its pod's, and by none", () => {
    const profiled = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
    const lacking = (pod: PodSpec) =>
      faults({ ...pod, containers: [{ name: "app" }] }).map(([, path]) => path.replace(`${APP}.securityContext.`, ""));
    assert.deepEqual(lacking({ securityContext: profiled }), ["allowPrivilegeEscalation", "capabilities.drop"]);
    const all = ["allowPrivilegeEscalation", "capabilities.drop", "runAsNonRoot", "seccompProfile.type"];
    assert.deepEqual(lacking({}), all);
    assert.deepEqual(lacking({ securityContext: {} }), all);
    assert.equal(inContainer({ securityContext: { capabilities: {} } }, { securityContext: profiled }).length, 2);
  });

  for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const) {
    it(`refuses ${field}`, () => {
      assert.deepEqual(faults({ [field]: false }), []);
      assert.deepEqual(faults({ [field]: true }), [["host-namespace-shared", `spec.${field}`]]);
    });
  }

  it("allows volumes of types that hold nothing of the node's, and no other", () => {
    const sources = [
      "configMap",
      "csi",
      "downwardAPI",
      "emptyDir",
      "ephemeral",
      "image",
      "persistentVolumeClaim",
      "projected",
      "secret",
    ];
    const volumes = sources.map((source) => ({ name: source, [source]: {} }));
    assert.deepEqual(faults({ volumes }), []);
    assert.deepEqual(faults({ volumes: [...volumes, { name: "logs", hostPath: { path: "/var/log" } }] }), [
      ["volume-type-refused", "spec.volumes[9].hostPath"],
    ]);
  });

  it("allows the sysctls that stay within the pod, and no other", () => {
    const safe = [
      "kernel.shm_rmid_forced",
      "net.ipv4.ip_local_port_range",
      "net.ipv4.ip_local_reserved_ports",
      "net.ipv4.ip_unprivileged_port_start",
      "net.ipv4.ping_group_range",
      "net.ipv4.tcp_fin_timeout",
      "net.ipv4.tcp_keepalive_intvl",
      "net.ipv4.tcp_keepalive_probes",
      "net.ipv4.tcp_keepalive_time",
      "net.ipv4.tcp_rmem",
      "net.ipv4.tcp_syncookies",
      "net.ipv4.tcp_wmem",
    ].map((name) => ({ name }));
    assert.deepEqual(faults({ securityContext: { sysctls: safe } }), []);
    assert.deepEqual(faults({ securityContext: { sysctls: [...safe, { name: "kernel.msgmax" }, {}] } }), [
      ["sysctl-unsafe", "spec.securityContext.sysctls[12].name"],
      ["sysctl-unsafe", "spec.securityContext.sysctls[13].name"],
    ]);
  });

  const profiles: [
    field: string,
    code: string,
    allowed: string[],
    context: (value: string) => SharedSecurityContext,
  ][] = [
    [
      "seccompProfile.type",
      "seccomp-profile-refused",
      ["RuntimeDefault", "Localhost"],
      (type) => ({ seccompProfile: { type } }),
    ],
    [
      "appArmorProfile.type",
      "apparmor-profile-refused",
      ["RuntimeDefault", "Localhost"],
      (type) => ({ appArmorProfile: { type } }),
    ],
    [
      "seLinuxOptions.type",
      "selinux-option-refused",
      ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"],
      (type) => ({ seLinuxOptions: { type } }),
    ],
    ["seLinuxOptions.user", "selinux-option-refused", [""], (user) => ({ seLinuxOptions: { user } })],
    ["seLinuxOptions.role", "selinux-option-refused", [""], (role) => ({ seLinuxOptions: { role } })],
  ];
  for (const [field, code, allowed, context] of profiles) {
    it(`allows as ${field} ${allowed.join(", ") || "nothing"}, on the pod and on a container`, () => {
      for (const value of allowed) {
        assert.deepEqual(faults({ securityContext: context(value) }), []);
        assert.deepEqual(inContext(context(value)), []);
      }
      const path = `securityContext.${field}`;
      assert.deepEqual(faults({ securityContext: context("Unconfined") }), [[code, `spec.${path}`]]);
      assert.deepEqual(inContext(context("Unconfined")), [[code, `${APP}.${path}`]]);
    });
  }

  it("refuses a process of a Windows node, on the pod and on a container", () => {
    const context = (hostProcess: boolean) => ({ windowsOptions: { hostProcess } });
    const path = "securityContext.windowsOptions.hostProcess";
    assert.deepEqual(inContext(context(false), { securityContext: context(false) }), []);
    assert.deepEqual(faults({ securityContext: context(true) }), [["windows-host-process", `spec.${path}`]]);
    assert.deepEqual(inContext(context(true)), [["windows-host-process", `${APP}.${path}`]]);
  });

  it("refuses root, on the pod and on a container", () => {
    const path = "securityContext.runAsUser";
    assert.deepEqual(inContext({ runAsUser: 1 }, { securityContext: { runAsUser: 1 } }), []);
    assert.deepEqual(faults({ securityContext: { runAsUser: 0 } }), [["runs-as-root", `spec.${path}`]]);
    assert.deepEqual(inContext({ runAsUser: 0 }), [["runs-as-root", `${APP}.${path}`]]);
  });

  it("wants runAsNonRoot, of which the container's counts and the pod's may not say the opposite", () => {
    const inApp = [["may-run-as-root", `${APP}.securityContext.runAsNonRoot`]];
    const pod = (runAsNonRoot: boolean) => ({ securityContext: { runAsNonRoot } });
    assert.deepEqual(without("runAsNonRoot", pod(true)), []);
    assert.deepEqual(without("runAsNonRoot"), inApp);
    assert.deepEqual(inContext({ runAsNonRoot: false }, pod(true)), inApp);
    assert.deepEqual(inContext({ runAsNonRoot: true }, pod(false)), [
      ["may-run-as-root", "spec.securityContext.runAsNonRoot"],
    ]);
  });

  it("wants a seccomp profile, of the container or of the pod", () => {
    const expected = [["missing-seccomp-profile", `${APP}.securityContext.seccompProfile.type`]];
    assert.deepEqual(without("seccompProfile"), expected);
    assert.deepEqual(without("seccompProfile", { securityContext: { seccompProfile: {} } }), expected);
    assert.deepEqual(without("seccompProfile", { securityContext: { seccompProfile: { type: "Localhost" } } }), []);
  });

  it("refuses a container that is privileged or sees the node's /proc", () => {
    assert.deepEqual(inContext({ privileged: false, procMount: "Default" }), []);
    assert.deepEqual(inContext({ privileged: true, procMount: "Unmasked" }), [
      ["container-privileged", `${APP}.securityContext.privileged`],
      ["proc-unmasked", `${APP}.securityContext.procMount`],
    ]);
  });

  it("refuses a container that may gain privileges, or does not say that it may not", () => {
    const expected = [["privilege-escalation", `${APP}.securityContext.allowPrivilegeEscalation`]];
    assert.deepEqual(inContext({ allowPrivilegeEscalation: true }), expected);
    assert.deepEqual(without("allowPrivilegeEscalation"), expected);
  });

  it("wants every capability dropped", () => {
    const dropping = (...drop: string[]) => inContext({ capabilities: { drop } });
    const expected = [["capabilities-kept", `${APP}.securityContext.capabilities.drop`]];
    assert.deepEqual(dropping("NET_RAW", "ALL"), []);
    assert.deepEqual(dropping("NET_RAW", "MKNOD"), expected);
    assert.deepEqual(dropping(), expected);
    assert.deepEqual(inContext({ capabilities: {} }), expected);
    assert.deepEqual(without("capabilities"), expected);
  });

  it("lets a container add NET_BIND_SERVICE alone", () => {
    const adding = (...add: string[]) => inContext({ capabilities: { drop: ["ALL"], add } });
    assert.deepEqual(adding("NET_BIND_SERVICE"), []);
    assert.deepEqual(adding("SYS_ADMIN", "NET_BIND_SERVICE"), [
      ["capability-added", `${APP}.securityContext.capabilities.add`],
    ]);
  });

  it("refuses a port of the node's", () => {
    assert.deepEqual(inContainer({ ports: [{}, { hostPort: 0 }] }), []);
    assert.deepEqual(inContainer({ ports: [{}, { hostPort: 80 }] }), [["host-port", `${APP}.ports[1].hostPort`]]);
  });

  it("refuses probes and hooks that name a host, and shows none", () => {
    const elsewhere = { httpGet: { host: "10.0.0.1" }, tcpSocket: { host: "10.0.0.2" } };
    const here = { httpGet: { host: "" }, tcpSocket: {} };
    const calling = (handler: object) =>
      inContainer({
        livenessProbe: handler,
        readinessProbe: handler,
        startupProbe: handler,
        lifecycle: { postStart: handler, preStop: handler },
      });
    assert.deepEqual(calling(here), []);
    assert.deepEqual(calling({}), []);
    assert.deepEqual(inContainer({ lifecycle: {} }), []);
    const names = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
    assert.deepEqual(
      calling(elsewhere),
      names.flatMap((name) =>
        ["httpGet", "tcpSocket"].map((action) => ["handler-host", `${APP}.${name}.${action}.host`]),
      ),
    );
  });
});

describe("a check of a pod", () => {
  const found = (path: string): Fault => ({ code: "found", path, got: undefined, allowed: "nothing", fix: "none" });

  it("is passed the pod and each of its containers, and loses what its guard loses", () => {
    const pod: PodSpec = { restartPolicy: "Never", initContainers: [{}], containers: [app] };
    const checks = {
      pod: [({ restartPolicy }: PodSpec, at: string) => [found(`${at} ${restartPolicy}`)]],
      container: [
        ({ name }: Container, at: string, { restartPolicy }: PodSpec) => [found(`${at} ${name} ${restartPolicy}`)],
      ],
    };
    const all = ["spec Never", "spec.initContainers[0] undefined Never", `${APP} app Never`];
    assert.deepEqual(checkPod(pod, "spec", checks), all.map(found));
    const losing = (lost: string) => (check: () => Fault[]) => check().filter(({ path }) => path !== lost);
    for (const lost of all) {
      assert.deepEqual(checkPod(pod, "spec", checks, losing(lost)), all.filter((one) => one !== lost).map(found));
    }
  });

  it("wants the one value that is allowed", () => {
    const kind = { code: "found", path: "here" };
    assert.deepEqual(mustBe(false, false, kind), []);
    assert.deepEqual(refused(mustBe(undefined, true, kind)), [["found", "here"]]);
  });
});
