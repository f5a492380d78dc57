import assert from "node:assert/strict";
import { podSpecFaults } from "../../../domain/kubernetes/podHardening.ts";
import type { Container, PodSpec } from "../../../domain/kubernetes/podSpec.ts";
import { compliantPod } from "../../policies/manifests.ts";

const { initContainers: _, ...hardened } = compliantPod();
const [dump] = hardened.containers as [Container & ReturnType<typeof compliantPod>["containers"][number]];

/** The faults of a pod that has none but for what is changed. */
const faults = (changes: PodSpec) => podSpecFaults({ ...hardened, ...changes });
const inContainer = (changes: Container, pod: PodSpec = {}) =>
  faults({ ...pod, containers: [{ ...dump, ...changes }] });
const secured = (changes: object) => ({ securityContext: { ...dump.securityContext, ...changes } });

describe("a pod of ours", () => {
  it("has no fault as it should be", () => assert.deepEqual(faults({}), []));

  it("satisfies restricted too, as a whole and in each container, wherever its specification lies", () => {
    const pod = { ...hardened, hostPID: true, containers: [{ ...dump, ...secured({ privileged: true }) }] };
    assert.deepEqual(
      podSpecFaults(pod, "spec.template.spec").map(({ path }) => path),
      ["spec.template.spec.hostPID", "spec.template.spec.containers[name=dump].securityContext.privileged"],
    );
  });

  it("is refused with a token of the default account, however that is written", () => {
    const expected = (got: string | undefined) => [
      {
        path: "spec.automountServiceAccountToken",
        got,
        allowed: "false, unless serviceAccountName names an account of the workload's own",
        fix: "set it to false, or name the account that the program needs",
      },
    ];
    const { automountServiceAccountToken: _, ...mounting } = hardened;
    assert.deepEqual(podSpecFaults(mounting), expected(undefined));
    assert.deepEqual(faults({ automountServiceAccountToken: true }), expected("true"));
    assert.deepEqual(faults({ automountServiceAccountToken: true, serviceAccountName: "default" }), expected("true"));
    assert.deepEqual(faults({ automountServiceAccountToken: false, serviceAccountName: "default" }), []);
    assert.deepEqual(faults({ automountServiceAccountToken: true, serviceAccountName: "orders" }), []);
  });

  it("is refused with a root filesystem that can be written", () => {
    const expected = (got: string | undefined) => [
      {
        path: "spec.containers[name=dump].securityContext.readOnlyRootFilesystem",
        got,
        allowed: "true",
        fix: "set it to true",
      },
    ];
    const { readOnlyRootFilesystem: _, ...writable } = dump.securityContext;
    assert.deepEqual(inContainer(secured({ readOnlyRootFilesystem: false })), expected("false"));
    assert.deepEqual(inContainer({ securityContext: writable }), expected(undefined));
  });

  it("is refused without a user that is a number, on the container or else on the pod", () => {
    const expected = (got: string | undefined) => [
      {
        path: "spec.containers[name=dump].securityContext.runAsUser",
        got,
        allowed: "a whole number above 0",
        fix: "set the image's own user, here or on the pod",
      },
    ];
    const { runAsUser: _, ...unnumbered } = hardened.securityContext;
    assert.deepEqual(faults({ securityContext: unnumbered }), expected(undefined));
    assert.deepEqual(inContainer(secured({ runAsUser: 1 }), { securityContext: unnumbered }), []);
    for (const user of ["1000", 1.5, -1]) {
      assert.deepEqual(inContainer(secured({ runAsUser: user })), expected(user === "1000" ? '"1000"' : String(user)));
    }
  });

  it("is refused as root once: restricted says it already", () => {
    assert.deepEqual(
      inContainer(secured({ runAsUser: 0 })).map(({ path, allowed }) => [path, allowed]),
      [["spec.containers[name=dump].securityContext.runAsUser", "above 0"]],
    );
  });

  it("is refused without requests and limits, but for one of CPU, on the container or else on the pod", () => {
    const expected = [
      ["requests.cpu", "100m"],
      ["requests.memory", "128Mi"],
      ["limits.memory", "128Mi"],
      ["limits.ephemeral-storage", "256Mi"],
    ].map(([resource, example]) => ({
      path: `spec.containers[name=dump].resources.${resource}`,
      got: undefined,
      allowed: "a quantity above 0",
      fix: `set what the program uses, as in "${example}"`,
    }));
    const { resources, ...unlimited } = dump;
    assert.deepEqual(faults({ containers: [unlimited] }), expected);
    assert.deepEqual(inContainer({ resources: {} }, { resources: {} }), expected);
    assert.deepEqual(faults({ containers: [unlimited], resources }), []);
  });
});

describe("a container without a security context, in a pod without one", () => {
  it("is refused for all that it lacks, and nothing else", () => {
    const { securityContext: _, ...bare } = dump;
    const { securityContext: __, ...pod } = hardened;
    assert.deepEqual(
      podSpecFaults({ ...pod, containers: [bare] }).map(({ path }) => path.split(".securityContext.")[1]),
      [
        "allowPrivilegeEscalation",
        "capabilities.drop",
        "runAsNonRoot",
        "seccompProfile.type",
        "readOnlyRootFilesystem",
        "runAsUser",
      ],
    );
  });
});
