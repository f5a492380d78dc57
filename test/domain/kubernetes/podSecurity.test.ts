import assert from "node:assert/strict";
import { checkPod, mustBe, restricted } from "../../../domain/kubernetes/podSecurity.ts";
import type {
  Container,
  ContainerSecurityContext,
  PodSpec,
  SharedSecurityContext,
} from "../../../domain/kubernetes/podSpec.ts";
import type { Fault } from "../../../domain/values/fault.ts";

const contained: ContainerSecurityContext = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
const app: Container = { name: "app", securityContext: contained };
const APP = "spec.containers[name=app]";

/** The faults by "restricted" of a pod that has none but for what is changed. */
const faults = (pod: PodSpec) => checkPod({ containers: [app], ...pod }, "spec", restricted);
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
      faults({ ...pod, containers: [{ name: "app" }] }).map(({ path }) => path.replace(`${APP}.securityContext.`, ""));
    assert.deepEqual(lacking({ securityContext: profiled }), ["allowPrivilegeEscalation", "capabilities.drop"]);
    const all = ["allowPrivilegeEscalation", "capabilities.drop", "runAsNonRoot", "seccompProfile.type"];
    assert.deepEqual(lacking({}), all);
    assert.deepEqual(lacking({ securityContext: {} }), all);
    assert.deepEqual(
      inContainer({ securityContext: { capabilities: {} } }, { securityContext: profiled }).map(({ got }) => got),
      [undefined, undefined],
    );
  });

  for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const) {
    it(`refuses ${field}`, () => {
      assert.deepEqual(faults({ [field]: false }), []);
      assert.deepEqual(faults({ [field]: true }), [
        { path: `spec.${field}`, got: "true", allowed: "false", fix: "remove it or make it false" },
      ]);
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
      {
        path: "spec.volumes[9].hostPath",
        got: "set",
        allowed: sources.join(", "),
        fix: "use emptyDir for scratch space, a persistentVolumeClaim for what must stay",
      },
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
    const expected = (index: number, got: string | undefined) => ({
      path: `spec.securityContext.sysctls[${index}].name`,
      got,
      allowed: 'the sysctls that "restricted" calls safe',
      fix: "remove it",
    });
    assert.deepEqual(faults({ securityContext: { sysctls: safe } }), []);
    assert.deepEqual(faults({ securityContext: { sysctls: [...safe, { name: "kernel.msgmax" }, {}] } }), [
      expected(12, '"kernel.msgmax"'),
      expected(13, undefined),
    ]);
  });

  const profiles: [
    field: string,
    allowed: string[],
    words: string,
    context: (value: string) => SharedSecurityContext,
  ][] = [
    [
      "seccompProfile.type",
      ["RuntimeDefault", "Localhost"],
      "RuntimeDefault, Localhost",
      (type) => ({ seccompProfile: { type } }),
    ],
    [
      "appArmorProfile.type",
      ["RuntimeDefault", "Localhost"],
      "RuntimeDefault, Localhost",
      (type) => ({ appArmorProfile: { type } }),
    ],
    [
      "seLinuxOptions.type",
      ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"],
      "nothing, container_t, container_init_t, container_kvm_t, container_engine_t",
      (type) => ({ seLinuxOptions: { type } }),
    ],
    ["seLinuxOptions.user", [""], "nothing", (user) => ({ seLinuxOptions: { user } })],
    ["seLinuxOptions.role", [""], "nothing", (role) => ({ seLinuxOptions: { role } })],
  ];
  for (const [field, allowed, words, context] of profiles) {
    it(`allows as ${field} ${words}, on the pod and on a container`, () => {
      for (const value of allowed) {
        assert.deepEqual(faults({ securityContext: context(value) }), []);
        assert.deepEqual(inContext(context(value)), []);
      }
      const expected = (owner: string) => [
        {
          path: `${owner}.securityContext.${field}`,
          got: '"Unconfined"',
          allowed: words,
          fix: "remove it or choose an allowed value",
        },
      ];
      assert.deepEqual(faults({ securityContext: context("Unconfined") }), expected("spec"));
      assert.deepEqual(inContext(context("Unconfined")), expected(APP));
    });
  }

  it("refuses a process of a Windows node, on the pod and on a container", () => {
    const context = (hostProcess: boolean) => ({ windowsOptions: { hostProcess } });
    const expected = (owner: string) => [
      {
        path: `${owner}.securityContext.windowsOptions.hostProcess`,
        got: "true",
        allowed: "false",
        fix: "remove it or make it false",
      },
    ];
    assert.deepEqual(inContext(context(false), { securityContext: context(false) }), []);
    assert.deepEqual(faults({ securityContext: context(true) }), expected("spec"));
    assert.deepEqual(inContext(context(true)), expected(APP));
  });

  it("refuses root, on the pod and on a container", () => {
    const expected = (owner: string) => [
      { path: `${owner}.securityContext.runAsUser`, got: "0", allowed: "above 0", fix: "remove it or make it above 0" },
    ];
    assert.deepEqual(inContext({ runAsUser: 1 }, { securityContext: { runAsUser: 1 } }), []);
    assert.deepEqual(faults({ securityContext: { runAsUser: 0 } }), expected("spec"));
    assert.deepEqual(inContext({ runAsUser: 0 }), expected(APP));
  });

  it("wants runAsNonRoot, of which the container's counts and the pod's may not say the opposite", () => {
    const expected = (got: string | undefined) => [
      { path: `${APP}.securityContext.runAsNonRoot`, got, allowed: "true", fix: "set it to true" },
    ];
    const pod = (runAsNonRoot: boolean) => ({ securityContext: { runAsNonRoot } });
    assert.deepEqual(without("runAsNonRoot", pod(true)), []);
    assert.deepEqual(without("runAsNonRoot"), expected(undefined));
    assert.deepEqual(inContext({ runAsNonRoot: false }, pod(true)), expected("false"));
    assert.deepEqual(inContext({ runAsNonRoot: true }, pod(false)), [
      {
        path: "spec.securityContext.runAsNonRoot",
        got: "false",
        allowed: "true",
        fix: "remove it or make it true",
      },
    ]);
  });

  it("wants a seccomp profile, of the container or of the pod", () => {
    const expected = [
      {
        path: `${APP}.securityContext.seccompProfile.type`,
        got: undefined,
        allowed: "RuntimeDefault, Localhost",
        fix: "set it to RuntimeDefault here or on the pod",
      },
    ];
    assert.deepEqual(without("seccompProfile"), expected);
    assert.deepEqual(without("seccompProfile", { securityContext: { seccompProfile: {} } }), expected);
    assert.deepEqual(without("seccompProfile", { securityContext: { seccompProfile: { type: "Localhost" } } }), []);
  });

  it("refuses a container that is privileged or sees the node's /proc", () => {
    assert.deepEqual(inContext({ privileged: false, procMount: "Default" }), []);
    assert.deepEqual(inContext({ privileged: true, procMount: "Unmasked" }), [
      {
        path: `${APP}.securityContext.privileged`,
        got: "true",
        allowed: "false",
        fix: "remove it or make it false",
      },
      {
        path: `${APP}.securityContext.procMount`,
        got: '"Unmasked"',
        allowed: "Default",
        fix: "remove it or choose an allowed value",
      },
    ]);
  });

  it("refuses a container that may gain privileges, or does not say that it may not", () => {
    const expected = (got: string | undefined) => [
      { path: `${APP}.securityContext.allowPrivilegeEscalation`, got, allowed: "false", fix: "set it to false" },
    ];
    assert.deepEqual(inContext({ allowPrivilegeEscalation: true }), expected("true"));
    assert.deepEqual(without("allowPrivilegeEscalation"), expected(undefined));
  });

  it("wants every capability dropped", () => {
    const dropping = (...drop: string[]) => inContext({ capabilities: { drop } });
    const expected = (got: string | undefined) => [
      { path: `${APP}.securityContext.capabilities.drop`, got, allowed: '["ALL"]', fix: 'set it to ["ALL"]' },
    ];
    assert.deepEqual(dropping("NET_RAW", "ALL"), []);
    assert.deepEqual(dropping("NET_RAW", "MKNOD"), expected("a list of 2 without ALL"));
    assert.deepEqual(dropping(), expected(undefined));
    assert.deepEqual(inContext({ capabilities: {} }), expected(undefined));
    assert.deepEqual(without("capabilities"), expected(undefined));
  });

  it("lets a container add NET_BIND_SERVICE alone", () => {
    const adding = (...add: string[]) => inContext({ capabilities: { drop: ["ALL"], add } });
    assert.deepEqual(adding("NET_BIND_SERVICE"), []);
    assert.deepEqual(adding("SYS_ADMIN", "NET_BIND_SERVICE"), [
      {
        path: `${APP}.securityContext.capabilities.add`,
        got: '"SYS_ADMIN"',
        allowed: "none, or NET_BIND_SERVICE",
        fix: "remove it",
      },
    ]);
  });

  it("refuses a port of the node's", () => {
    assert.deepEqual(inContainer({ ports: [{}, { hostPort: 0 }] }), []);
    assert.deepEqual(inContainer({ ports: [{}, { hostPort: 80 }] }), [
      { path: `${APP}.ports[1].hostPort`, got: "80", allowed: "none", fix: "remove it" },
    ]);
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
        ["httpGet", "tcpSocket"].map((action) => ({
          path: `${APP}.${name}.${action}.host`,
          got: "set",
          allowed: "nothing: the pod's own address",
          fix: "remove it",
        })),
      ),
    );
  });
});

describe("a check of a pod", () => {
  const found = (path: string): Fault => ({ path, got: undefined, allowed: "nothing", fix: "none" });

  it("is told the pod and each of its containers, and loses what its guard loses", () => {
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
    assert.deepEqual(mustBe(false, false, "here"), []);
    assert.deepEqual(mustBe(undefined, true, "here"), [
      { path: "here", got: undefined, allowed: "true", fix: "set it to true" },
    ]);
  });
});
