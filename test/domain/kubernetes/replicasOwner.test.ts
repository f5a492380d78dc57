import assert from "node:assert/strict";
import { type ManagedFields, replicasOwners } from "../../../domain/kubernetes/replicasOwner.ts";

const replicas = { "f:spec": { "f:replicas": {}, "f:template": {} } };

const owner = (manager: string, changes: Partial<ManagedFields> = {}): ManagedFields => ({
  manager,
  operation: "Update",
  fieldsV1: replicas,
  ...changes,
});

describe("an owner of spec.replicas", () => {
  it("is each manager that applied or wrote it", () => {
    assert.deepEqual(replicasOwners([owner("flux", { operation: "Apply" }), owner("helm")]), [
      { manager: "flux", operation: "Apply" },
      { manager: "helm", operation: "Update" },
    ]);
  });

  it("is named as unknown where the API does not say who wrote it", () => {
    assert.deepEqual(replicasOwners([{ fieldsV1: replicas }]), [{ manager: "unknown", operation: "Update" }]);
  });

  it("is no manager that owns other fields alone", () => {
    const others = [{ "f:spec": { "f:template": {} } }, { "f:status": { "f:replicas": {} } }, {}];
    assert.deepEqual(
      replicasOwners([
        ...others.map((fieldsV1) => owner("helm", { fieldsV1 })),
        { manager: "helm", operation: "Update" },
      ]),
      [],
    );
  });

  it("is no one that wrote it through the subresource scale, not even a person", () => {
    const through = (manager: string) => owner(manager, { subresource: "scale" });
    assert.deepEqual(replicasOwners([through("kube-controller-manager"), through("kubectl")]), []);
  });

  it("is not the autoscaler's controller, nor the manager that the field was handed to for it", () => {
    const names = ["kube-controller-manager", "horizontal-pod-autoscaler", "handover-to-hpa"];
    assert.deepEqual(replicasOwners(names.map((name) => owner(name, { operation: "Apply" }))), []);
  });

  for (const manager of ["kubectl-client-side-apply", "argocd-controller"]) {
    it(`is ${manager} only where what it last applied has the field: it owns the API's defaults too`, () => {
      const applied = (spec: object) => JSON.stringify({ spec });
      assert.equal(replicasOwners([owner(manager)], applied({ replicas: 1 })).length, 1);
      assert.equal(replicasOwners([owner(manager)], applied({ template: {} })).length, 0);
      assert.equal(replicasOwners([owner(manager)], "{}").length, 0);
      assert.equal(replicasOwners([owner(manager)], "not JSON").length, 1);
      assert.equal(replicasOwners([owner(manager)]).length, 1);
      assert.equal(replicasOwners([owner(manager, { operation: "Apply" })], applied({ template: {} })).length, 1);
    });
  }

  it("is helm whatever kubectl last applied", () => {
    assert.equal(replicasOwners([owner("helm")], JSON.stringify({ spec: {} })).length, 1);
  });
});
