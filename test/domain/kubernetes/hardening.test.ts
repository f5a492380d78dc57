import assert from "node:assert/strict";
import { restrictedContainer, restrictedPod } from "../../../domain/kubernetes/hardening.ts";

describe("a security context of ours", () => {
  it("is for a pod that it runs as a user of its own, whose group owns its volumes", () => {
    assert.deepEqual(restrictedPod(999), {
      runAsNonRoot: true,
      runAsUser: 999,
      runAsGroup: 999,
      fsGroup: 999,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("is for a container that it gains no privilege and writes nothing but volumes", () => {
    assert.deepEqual(restrictedContainer, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });
});
