import assert from "node:assert/strict";
import { WorkloadRecommender } from "../../components/scaling/workloadRecommender.ts";
import { MaintainedService } from "../../components/service.ts";
import { deployment, statefulSet, type Workload } from "../../domain/declaration/workload.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import type { Fault } from "../../domain/values/fault.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { withFeatures } from "../support/environment.ts";
import { refusal, refused } from "../support/refused.ts";
import { shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

const TYPE = "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler";

const recommenders = (resources: Registered[]) => resources.filter(({ type }) => type === TYPE);

const inService = async (workloads: Workload[], environment: Environment) =>
  recommenders(await registered(() => new MaintainedService("shop", { environment, service: { ...shop, workloads } })));

describe("what recommends requests for a workload", () => {
  const web = deployment("web", { autoscale: { min: assumed(2), max: assumed(4), cpu: assumed("70%") } });

  it("never changes a pod, so it stands beside an autoscaler too", async () => {
    const [found, ...others] = await inService([web], withFeatures("vpa"));
    assert.deepEqual(others, []);
    assert.deepEqual(found?.inputs, {
      apiVersion: "autoscaling.k8s.io/v1",
      kind: "VerticalPodAutoscaler",
      metadata: {
        name: "web",
        namespace: "shop",
        labels: { "app.kubernetes.io/managed-by": "upkeep", "app.kubernetes.io/part-of": "shop" },
      },
      spec: {
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        updatePolicy: { updateMode: "Off" },
      },
    });
  });

  it("is one for each declared workload, and none where the cluster has none", async () => {
    const workloads = [web, statefulSet("queue")];
    const names = (found: Registered[]) => found.map(({ inputs }) => (inputs.metadata as { name: string }).name).sort();
    assert.deepEqual(names(await inService(workloads, withFeatures("vpa"))), ["queue", "web"]);
    assert.deepEqual(names(await inService(workloads, withFeatures())), []);
  });

  it("is refused before any resource is registered", async () => {
    let faults: readonly Fault[] = [];
    const none = await registered(() => {
      faults = refusal(
        () =>
          new WorkloadRecommender("it", {
            environment: { name: "prod" },
            service: shop,
            workload: { ...web, name: "Web" },
          }),
      );
    });
    assert.deepEqual(
      refused(faults).map(([, path]) => path),
      ["workload.name"],
    );
    assert.deepEqual(recommenders(none), []);
  });
});
