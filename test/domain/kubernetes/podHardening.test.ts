import assert from "node:assert/strict";
import { podSpecFaults } from "../../../domain/kubernetes/podHardening.ts";
import { missingResourceFaults } from "../../../domain/kubernetes/podResources.ts";
import type { Container, PodSpec } from "../../../domain/kubernetes/podSpec.ts";
import { compliantPod } from "../../policies/manifests.ts";
import { refused } from "../../support/refused.ts";

const { initContainers: _, ...hardened } = compliantPod();
const [dump] = hardened.containers as [Container & ReturnType<typeof compliantPod>["containers"][number]];

/** The faults of a pod that has none but for what is changed. */
const faults = (changes: PodSpec) => {
  const pod = { ...hardened, ...changes };
  return refused([...podSpecFaults(pod), ...missingResourceFaults(pod)]);
};
const inContainer = (changes: Container, pod: PodSpec = {}) =>
  faults({ ...pod, containers: [{ ...dump, ...changes }] });
const secured = (changes: object) => ({ securityContext: { ...dump.securityContext, ...changes } });

describe("a pod of ours", () => {
  it("has no fault as it should be", () => assert.deepEqual(faults({}), []));

  it("satisfies restricted too, as a whole and in each container, wherever its specification is", () => {
    const pod = { ...hardened, hostPID: true, containers: [{ ...dump, ...secured({ privileged: true }) }] };
    assert.deepEqual(refused(podSpecFaults(pod, "spec.template.spec")), [
      ["host-namespace-shared", "spec.template.spec.hostPID"],
      ["container-privileged", "spec.template.spec.containers[name=dump].securityContext.privileged"],
    ]);
  });

  it("is refused with a token of the default account, however that is written", () => {
    const expected = [["default-account-token", "spec.automountServiceAccountToken"]];
    const { automountServiceAccountToken: _, ...mounting } = hardened;
    assert.deepEqual(refused(podSpecFaults(mounting)), expected);
    assert.deepEqual(faults({ automountServiceAccountToken: true }), expected);
    assert.deepEqual(faults({ automountServiceAccountToken: true, serviceAccountName: "default" }), expected);
    assert.deepEqual(faults({ automountServiceAccountToken: false, serviceAccountName: "default" }), []);
    assert.deepEqual(faults({ automountServiceAccountToken: true, serviceAccountName: "orders" }), []);
  });

  it("names the number of its user, unless the cluster assigns it", () => {
    const { runAsUser: _, ...unnamed } = dump.securityContext;
    const { runAsUser: __, ...ofPod } = hardened.securityContext;
    const pod = { ...hardened, securityContext: ofPod, containers: [{ ...dump, securityContext: unnamed }] };
    assert.deepEqual(refused(podSpecFaults(pod)), [
      ["user-not-numeric", "spec.containers[name=dump].securityContext.runAsUser"],
    ]);
    assert.deepEqual(podSpecFaults(pod, "spec", undefined, true), []);
    const { runAsNonRoot: ___, ...anyone } = ofPod as { runAsNonRoot?: boolean };
    assert.deepEqual(refused(podSpecFaults({ ...pod, securityContext: anyone }, "spec", undefined, true)), [
      ["may-run-as-root", "spec.containers[name=dump].securityContext.runAsNonRoot"],
    ]);
  });

  it("is refused with a root filesystem that can be written", () => {
    const expected = [
      ["root-filesystem-writable", "spec.containers[name=dump].securityContext.readOnlyRootFilesystem"],
    ];
    const { readOnlyRootFilesystem: _, ...writable } = dump.securityContext;
    assert.deepEqual(inContainer(secured({ readOnlyRootFilesystem: false })), expected);
    assert.deepEqual(inContainer({ securityContext: writable }), expected);
  });

  it("is refused without a user that is a number, on the container or else on the pod", () => {
    const expected = [["user-not-numeric", "spec.containers[name=dump].securityContext.runAsUser"]];
    const { runAsUser: _, ...unnumbered } = hardened.securityContext;
    assert.deepEqual(faults({ securityContext: unnumbered }), expected);
    assert.deepEqual(inContainer(secured({ runAsUser: 1 }), { securityContext: unnumbered }), []);
    for (const user of ["1000", 1.5, -1]) assert.deepEqual(inContainer(secured({ runAsUser: user })), expected);
  });

  it("is refused as root once: restricted says it already", () =>
    assert.deepEqual(inContainer(secured({ runAsUser: 0 })), [
      ["runs-as-root", "spec.containers[name=dump].securityContext.runAsUser"],
    ]));

  it("is refused without requests and limits, but for one of CPU, on the container or else on the pod", () => {
    const resourceNames = ["requests.cpu", "requests.memory", "limits.memory", "limits.ephemeral-storage"];
    const expected = resourceNames.map((name) => [
      "missing-resource-amount",
      `spec.containers[name=dump].resources.${name}`,
    ]);
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
