import assert from "node:assert/strict";
import { amountFaults, missingResourceFaults, podQuantityFaults } from "../../../domain/kubernetes/podResources.ts";
import { compliantPod } from "../../policies/manifests.ts";
import { refused } from "../../support/refused.ts";

const got = (amount: string | number) => amountFaults({ memory: amount }, "limits").map((fault) => fault.got);

describe("the quantities of a pod", () => {
  it("have no fault as they should be", () => {
    assert.deepEqual(podQuantityFaults(compliantPod()), []);
    assert.deepEqual(missingResourceFaults(compliantPod()), []);
  });

  it("are judged in each container, in the pod and in its volumes", () => {
    const wrong = { limits: { memory: "1m" }, requests: { cpu: "0" } };
    const volume = {
      ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "1" + "GB" } } } } },
    };
    const pod = { resources: wrong, containers: [{ name: "app", resources: wrong }], volumes: [volume] };
    assert.deepEqual(
      refused(podQuantityFaults(pod, "at")).map(([, path]) => path),
      [
        "at.resources.requests.cpu",
        "at.resources.limits.memory",
        "at.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests.storage",
        "at.containers[name=app].resources.requests.cpu",
        "at.containers[name=app].resources.limits.memory",
      ],
    );
  });

  it("may count anything but bytes in thousandths", () => {
    assert.deepEqual(amountFaults({ cpu: "1m", "example.com/gpu": "1", pods: "10" }, "at"), []);
    const counted = ["memory", "storage", "ephemeral-storage", "sizeLimit", "hugepages-2Mi"];
    for (const resource of counted) {
      assert.deepEqual(refused(amountFaults({ [resource]: "5000000000m" }, "at")), [
        ["quantity-invalid", `at.${resource}`],
      ]);
    }
  });

  it("are of a mebibyte of memory or more", () => {
    assert.deepEqual(got("1Mi"), []);
    assert.equal(got("1048575").length, 1);
    assert.deepEqual(amountFaults({ storage: "1048575" }, "at"), []);
  });

  it("are shown where they look like one", () => {
    assert.deepEqual(got("128m"), ['"128m"']);
    assert.deepEqual(got(-1), ['"-1"']);
    assert.deepEqual(got("hunter2"), ["text of 7 characters"]);
  });

  it("are missing where they are empty, and no fault twice", () => {
    const pod = { containers: [{ name: "app", resources: { limits: { memory: "" } } }] };
    assert.deepEqual(podQuantityFaults(pod), []);
    assert.ok(refused(missingResourceFaults(pod)).some(([, path]) => path.endsWith("limits.memory")));
  });
});
