import assert from "node:assert/strict";
import { changes, formatPath } from "../../changes.ts";
import type { Api } from "../../kubernetes/api.ts";
import { writeOptions } from "../../kubernetes/config.ts";
import { merge } from "../../kubernetes/read.ts";
import { unready } from "../../kubernetes/readiness.ts";
import { replaces, sameName } from "../../kubernetes/replacements.ts";
import type { DiffRequest } from "../../provider.ts";

describe("the stand-in for kubernetes replaces, as the vendor does", () => {
  const metadata = { name: "it", namespace: "here" };
  const cases: [kind: string, before: object, after: object, replaced: string[]][] = [
    ["v1 ConfigMap", { immutable: true, data: { a: "1" } }, { data: { a: "2" } }, ["data.a"]],
    ["v1 Secret", { type: "Opaque", data: { a: "MQ==" } }, { type: "kubernetes.io/tls", data: {} }, ["type", "data.a"]],
    ["v1 Service", { spec: { clusterIP: "None", ports: [] } }, { spec: { ports: [{ port: 1 }] } }, ["spec.clusterIP"]],
    ["v1 Pod", { spec: { nodeName: "a", tolerations: [] } }, { spec: { tolerations: [{}] } }, ["spec.nodeName"]],
    [
      "v1 PersistentVolumeClaim",
      { spec: { volumeName: "a", resources: 1 } },
      { spec: { resources: 2 } },
      ["spec.volumeName"],
    ],
    [
      "v1 PersistentVolume",
      { spec: { nfs: { path: "/a" }, capacity: 1 } },
      { spec: { nfs: { path: "/b" } } },
      ["spec.nfs.path"],
    ],
    [
      "apps/v1 Deployment",
      { spec: { selector: { a: 1 }, replicas: 1 } },
      { spec: { selector: {}, replicas: 2 } },
      ["spec.selector.a"],
    ],
    [
      "apps/v1 StatefulSet",
      { spec: { serviceName: "a" } },
      { spec: { serviceName: "b", replicas: 1 } },
      ["spec.serviceName"],
    ],
    [
      "batch/v1 Job",
      { spec: { template: { a: 1 }, suspend: true } },
      { spec: { template: { a: 2 } } },
      ["spec.template.a"],
    ],
    ["batch/v1 CronJob", { spec: { schedule: "a" } }, { spec: { schedule: "b" } }, []],
    [
      "autoscaling/v2 HorizontalPodAutoscaler",
      { spec: { maxReplicas: 2, scaleTargetRef: { name: "a" } } },
      { spec: { maxReplicas: 3, scaleTargetRef: { name: "b" } } },
      [],
    ],
    [
      "policy/v1 PodDisruptionBudget",
      { spec: { maxUnavailable: 1, selector: { a: 1 } } },
      { spec: { maxUnavailable: 2, selector: { a: 2 } } },
      [],
    ],
    ["storage.k8s.io/v1 StorageClass", { provisioner: "a" }, { provisioner: "b", mountOptions: [] }, ["provisioner"]],
    ["example.com/v1 Job", { spec: { template: 1 } }, { spec: { template: 2 } }, []],
  ];
  for (const [described, before, after, replaced] of cases) {
    const [apiVersion = "", kind = ""] = described.split(" ");
    it(`${described} for ${replaced.join(", ") || "nothing"}`, () => {
      const request = {
        oldInputs: { apiVersion, kind, metadata, ...before },
        inputs: { apiVersion, kind, metadata, ...after },
      };
      assert.deepEqual(replacedPaths(request), replaced);
    });
  }

  it("any object for its name, its namespace and its group, and deletes it first only under one name", () => {
    const object = { apiVersion: "policy/v1beta1", kind: "PodDisruptionBudget", metadata };
    const renamed = { ...object, metadata: { name: "other", namespace: "there" } };
    assert.deepEqual(replacedPaths({ oldInputs: object, inputs: renamed }), ["metadata.name", "metadata.namespace"]);
    assert.equal(sameName({ oldInputs: object, inputs: renamed } as unknown as DiffRequest), false);
    assert.equal(sameName({ oldInputs: object, inputs: { ...object } } as unknown as DiffRequest), true);
    assert.deepEqual(replacedPaths({ oldInputs: object, inputs: { ...object, apiVersion: "policy/v1" } }), []);
    assert.deepEqual(replacedPaths({ oldInputs: object, inputs: { ...object, apiVersion: "example.com/v1" } }), [
      "apiVersion",
    ]);
  });

  function replacedPaths(request: Pick<DiffRequest, "inputs" | "oldInputs">): string[] {
    const all = changes(request.oldInputs, request.inputs).map(({ path }) => path);
    return all.filter((path) => replaces(path, request as DiffRequest, writeOptions({}, {}))).map(formatPath);
  }
});

describe("the inputs that a refresh finds", () => {
  it("are the program's where the API server only writes them differently or fills them in", () => {
    const input = { resources: { cpu: "1000m" }, stringData: { a: "b" }, ports: [{ port: 80 }] };
    const stored = { resources: { cpu: "1" }, ports: [{ port: 80, protocol: "TCP" }], status: {} };
    assert.deepEqual(merge(input, stored, stored), input);
  });

  it("hold what was changed or removed by hand, and nothing that the program never declared", () => {
    const input = { cpu: "1000m", labels: { team: "a", tier: "b" }, ports: [{ port: 80 }, { port: 81 }] };
    const before = { cpu: "1", labels: { team: "a", tier: "b" }, ports: [{ port: 80, protocol: "TCP" }, { port: 81 }] };
    const now = { cpu: "2", labels: { team: "a", other: "c" }, ports: [{ port: 80, protocol: "TCP" }, { port: 82 }] };
    assert.deepEqual(merge(input, before, now), {
      cpu: "2",
      labels: { team: "a" },
      ports: [{ port: 80 }, { port: 82 }],
    });
  });

  it("hold a list as long as it is declared, whatever was appended to it", () => {
    assert.deepEqual(merge({ args: ["a"] }, { args: ["a"] }, { args: ["a", "b"] }), { args: ["a"] });
    assert.deepEqual(merge({ args: ["a", "b"] }, { args: ["a", "b"] }, { args: ["b"] }), { args: ["b"] });
  });
});

describe("an object is waited for", () => {
  const waited: [kind: string, object: object, reason: RegExp | undefined][] = [
    [
      "apps/v1 Deployment",
      { spec: { replicas: 2 }, status: { updatedReplicas: 2, availableReplicas: 1 } },
      /1 of 2 replicas/,
    ],
    ["apps/v1 Deployment", { spec: { replicas: 2 }, status: { updatedReplicas: 2, availableReplicas: 2 } }, undefined],
    ["apps/v1 Deployment", { spec: { replicas: 0 }, status: {} }, undefined],
    [
      "apps/v1 StatefulSet",
      { spec: { replicas: 1 }, status: { readyReplicas: 1, currentRevision: "a", updateRevision: "b" } },
      /newest revision/,
    ],
    ["apps/v1 StatefulSet", { spec: { replicas: 1 }, status: { readyReplicas: 1 } }, undefined],
    [
      "apps/v1 DaemonSet",
      { status: { desiredNumberScheduled: 2, numberReady: 1, updatedNumberScheduled: 2 } },
      /1 of 2 pods/,
    ],
    [
      "apps/v1 DaemonSet",
      { status: { desiredNumberScheduled: 1, numberReady: 1, updatedNumberScheduled: 1 } },
      undefined,
    ],
    ["batch/v1 Job", { spec: {}, status: {} }, /has not completed/],
    ["batch/v1 Job", { spec: { suspend: true } }, undefined],
    ["batch/v1 CronJob", { spec: {} }, undefined],
    ["autoscaling/v2 HorizontalPodAutoscaler", { spec: {}, status: { currentReplicas: 0 } }, undefined],
    ["policy/v1 PodDisruptionBudget", { spec: {}, status: { disruptionsAllowed: 0 } }, undefined],
    ["v1 Pod", { status: { phase: "Pending" } }, /the Pod is Pending/],
    ["v1 Pod", { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } }, undefined],
    ["v1 Service", { spec: { selector: {} } }, /selects no pod that is ready/],
    ["v1 Service", { spec: { selector: {}, type: "LoadBalancer" } }, /has no address/],
    ["v1 Service", { spec: {} }, undefined],
  ];
  for (const [described, object, reason] of waited) {
    it(`${described} ${JSON.stringify(object)}: ${reason ? `not ready, ${reason.source}` : "ready"}`, async () => {
      const [apiVersion = "", kind = ""] = described.split(" ");
      const live = { apiVersion, kind, metadata: { name: "it", generation: 1 }, ...withObserved(object, 1) };
      const [said = "ready"] = await unready(live, { api: emptyApi, path: "", inputs: live, signal });
      assert.match(said, reason ?? /^ready$/);
    });
  }

  it("until its controller has seen the newest version, but not where the program says so", async () => {
    const deployment = { spec: { replicas: 1 }, status: { updatedReplicas: 1, availableReplicas: 1 } };
    const metadata = { name: "it", generation: 2 };
    const live = { apiVersion: "apps/v1", kind: "Deployment", metadata, ...withObserved(deployment, 1) };
    assert.equal((await unready(live, { api: emptyApi, path: "", inputs: live, signal })).length, 1);
    const inputs = { ...live, metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } } };
    assert.deepEqual(await unready(live, { api: emptyApi, path: "", inputs, signal }), []);
  });

  const { signal } = new AbortController();
  /** An API that has no EndpointSlice. */
  const emptyApi = { path: async () => "", call: async () => ({ items: [] }) } as unknown as Api;

  function withObserved(object: { status?: object }, observedGeneration: number): object {
    return { ...object, status: { observedGeneration, ...object.status } };
  }
});
