import assert from "node:assert/strict";
import { AutoscaledWorkload } from "../../components/scaling/autoscaledWorkload.ts";
import { MaintainedService } from "../../components/service.ts";
import { deployment, statefulSet, type Workload } from "../../domain/declaration/workload.ts";
import type { Fault } from "../../domain/values/fault.ts";
import { assumed, guide } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { refusal, refused } from "../support/refused.ts";
import { keeping, shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

const environment = environmentOf("prod");

const web = deployment("web", {
  pods: { app: "web" },
  autoscale: { min: assumed(2), max: assumed(10), cpu: guide("70%") },
  maxUnavailable: assumed(1),
});

const declare = (workload: Workload) =>
  registered(() => new AutoscaledWorkload("web", { environment, service: shop, workload }));

const objects = (resources: Registered[]) => resources.filter(({ type }) => type.startsWith("kubernetes:"));

describe("an autoscaled workload", () => {
  let resources: Registered[];
  before(async () => {
    resources = await declare(web);
  });
  const one = (type: string) => {
    const found = resources.filter((resource) => resource.type === type);
    assert.equal(found.length, 1, `${found.length} of ${type}`);
    return (found[0] as Registered).inputs as Fields;
  };
  const autoscaler = () => one("kubernetes:autoscaling/v2:HorizontalPodAutoscaler");
  const budget = () => one("kubernetes:policy/v1:PodDisruptionBudget");

  it("gets an autoscaler and a budget of its name, labelled as ours, and nothing of its own is declared", () => {
    assert.deepEqual(
      objects(resources)
        .map(({ type, name }) => [type.split(":").at(-1), name])
        .sort(),
      [
        ["HorizontalPodAutoscaler", "web-autoscaler"],
        ["PodDisruptionBudget", "web-budget"],
      ],
    );
    for (const { inputs } of objects(resources)) {
      assert.deepEqual(inputs.metadata, {
        name: "web",
        namespace: "shop",
        labels: { "app.kubernetes.io/managed-by": "upkeep", "app.kubernetes.io/part-of": "shop" },
      });
    }
  });

  it("holds the guide's use of CPU between its bounds", () => {
    const { behavior: _, ...spec } = autoscaler().spec;
    assert.deepEqual(spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
    });
  });

  it("grows at once, and shrinks by a pod or a tenth a minute after five quiet minutes", () => {
    const { scaleUp, scaleDown } = autoscaler().spec.behavior;
    assert.equal(scaleUp.stabilizationWindowSeconds, 0);
    assert.equal(scaleDown.stabilizationWindowSeconds, 300);
    assert.equal(scaleDown.selectPolicy, "Max");
    assert.deepEqual(scaleDown.policies, [
      { type: "Pods", value: 1, periodSeconds: 60 },
      { type: "Percent", value: 10, periodSeconds: 60 },
    ]);
  });

  it("may lose one pod at a time to drains, and pods that are not ready at any time", () => {
    assert.deepEqual(budget().spec, {
      maxUnavailable: 1,
      selector: { matchLabels: { app: "web" } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  it("gets only what is declared", async () => {
    const { autoscale, maxUnavailable, ...watched } = web;
    const kinds = async (workload: Workload) =>
      objects(await declare(workload)).map(({ type }) => type.split(":").at(-1));
    assert.deepEqual(await kinds({ ...watched, ...(autoscale && { autoscale }) }), ["HorizontalPodAutoscaler"]);
    assert.deepEqual(await kinds({ ...watched, ...(maxUnavailable && { maxUnavailable }) }), ["PodDisruptionBudget"]);
  });

  it("may be a StatefulSet", async () => {
    const scaled = await declare(
      statefulSet("queue", { autoscale: { min: assumed(1), max: assumed(3), cpu: assumed("7%") } }),
    );
    const [{ inputs }] = objects(scaled) as [Registered];
    const { scaleTargetRef, metrics } = (inputs as Fields).spec;
    assert.deepEqual(scaleTargetRef, { apiVersion: "apps/v1", kind: "StatefulSet", name: "queue" });
    assert.equal(metrics[0].resource.target.averageUtilization, 7);
  });

  it("is refused before any resource is registered", async () => {
    let faults: readonly Fault[] = [];
    const none = await registered(() => {
      const workload = { ...web, pods: {} };
      faults = refusal(() => new AutoscaledWorkload("it", { environment, service: shop, workload }));
    });
    assert.deepEqual(refused(faults), [["budget-without-pods", 'workloads "web".pods']]);
    assert.deepEqual(
      none.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
      [],
    );
  });
});

describe("a maintained service's workloads", () => {
  it("are scaled where that is declared, and only watched elsewhere", async () => {
    const service = keeping(shop, "orders");
    const resources = await registered(() => new MaintainedService("shop", { environment, service }));
    assert.deepEqual(
      resources.filter(({ type }) => type === "upkeep:scaling:AutoscaledWorkload").map(({ name }) => name),
      ["shop-shop-web"],
    );
  });

  it("are refused with the service's other faults, before any resource is registered", async () => {
    const workloads = shop.workloads.map((workload) => ({ ...workload, maxUnavailable: assumed(3) }));
    let faults: readonly Fault[] = [];
    const none = await registered(() => {
      const service = { ...keeping(shop, "orders"), workloads, backups: [] };
      faults = refusal(() => new MaintainedService("shop", { environment, service }));
    });
    const paths = faults.map(({ path }) => path);
    assert.ok(
      paths.includes('datastores "orders"') && paths.includes('workloads "shop-web".maxUnavailable'),
      `${paths}`,
    );
    assert.deepEqual(
      none.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
      [],
    );
  });
});
