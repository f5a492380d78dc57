import assert from "node:assert/strict";
import type { Service } from "../../../domain/declaration/service.ts";
import { deployment } from "../../../domain/declaration/workload.ts";
import { conflicts, type Existing, type ExistingWorkload } from "../../../domain/scaling/conflicts.ts";
import { faultMessage } from "../../../domain/values/fault.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { mplp } from "../../../services/mplp.ts";

const service: Service = {
  ...mplp,
  name: "shop",
  namespace: "shop",
  workloads: [
    deployment("web", {
      pods: { app: "web" },
      autoscale: { min: assumed(3), max: assumed(10), cpu: assumed("70%") },
      maxUnavailable: assumed(1),
    }),
  ],
};

const web: ExistingWorkload = {
  kind: "Deployment",
  name: "web",
  pods: { app: "web", tier: "front" },
  replicas: 3,
  replicasOwners: [],
};

const ours = { "app.kubernetes.io/managed-by": "upkeep" };

const messages = (existing: Partial<Existing>, of = service) =>
  conflicts(of, { workloads: [web], autoscalers: [], budgets: [], ...existing }).map(faultMessage);

const target = { kind: "Deployment", name: "web" };
const selector = { matchLabels: { app: "web" } };

/** All that an autoscaler or a budget of ours would fight with. */
const rivals: Partial<Existing> = {
  workloads: [{ ...web, replicasOwners: [{ manager: "helm", operation: "Update" }] }],
  autoscalers: [{ name: "web-hpa", labels: {}, target }],
  budgets: [{ name: "web-budget", labels: {}, selector }],
};

describe("what a cluster has already", () => {
  it("is no conflict where it has the workload and, from an earlier up, our own objects", () => {
    const own = { name: "web", labels: ours };
    assert.deepEqual(messages({ autoscalers: [{ ...own, target }], budgets: [{ ...own, selector }] }), []);
  });

  it("is refused where a declared workload is missing, with what there is", () => {
    const workloads: ExistingWorkload[] = [
      { ...web, kind: "StatefulSet" },
      { ...web, name: "api" },
    ];
    assert.deepEqual(messages({ workloads }), [
      'service "shop" workloads "web" is a Deployment that namespace shop does not have; allowed: what it has: Deployment api, StatefulSet web. Fix: correct its kind or name in the declaration or the namespace in upkeep:differs.namespaces, or deploy the service first',
    ]);
  });

  it("is refused where a workload that is only watched is missing: nothing would ever be seen of it", () => {
    assert.deepEqual(messages({ workloads: [] }, { ...service, workloads: [deployment("web")] }), [
      'service "shop" workloads "web" is a Deployment that namespace shop does not have; allowed: nothing: it has none. Fix: correct its kind or name in the declaration or the namespace in upkeep:differs.namespaces, or deploy the service first',
    ]);
  });

  it("is named by ten of its workloads at most", () => {
    const named = (count: number) =>
      String(
        messages({ workloads: Array.from({ length: count }, (_, index) => ({ ...web, name: `api-${10 + index}` })) }),
      );
    assert.match(named(12), /Deployment api-18, Deployment api-19 and 2 more\. Fix/);
    assert.match(named(10), /Deployment api-18, Deployment api-19\. Fix/);
  });

  it("is refused where another autoscaler scales the workload", () => {
    const labels = { "app.kubernetes.io/managed-by": "Helm" };
    assert.deepEqual(messages({ autoscalers: [{ name: "web-hpa", labels, target }] }), [
      'service "shop" workloads "web".autoscale is that of a workload which HorizontalPodAutoscaler shop/web-hpa scales, managed by Helm; allowed: a workload without another autoscaler: two undo each other. Fix: remove it where it is declared (kubectl --namespace shop delete horizontalpodautoscaler web-hpa), or leave out autoscale',
    ]);
  });

  it("tells our objects by name and label: neither is enough alone", () => {
    const alone = [
      { name: "web", labels: {} },
      { name: "other", labels: ours },
    ];
    assert.equal(messages({ autoscalers: alone.map((one) => ({ ...one, target })) }).length, 2);
    assert.equal(messages({ budgets: alone.map((one) => ({ ...one, selector })) }).length, 2);
  });

  it("is no conflict where an autoscaler scales another workload, of another kind or name", () => {
    const autoscalers = [
      { name: "a", labels: {}, target: { kind: "StatefulSet", name: "web" } },
      { name: "b", labels: {}, target: { kind: "Deployment", name: "api" } },
    ];
    assert.deepEqual(messages({ autoscalers }), []);
  });

  it("is refused where an object that is not ours has our object's name", () => {
    const foreign = { name: "web", labels: {} };
    const existing = {
      autoscalers: [{ ...foreign, target: { kind: "Deployment", name: "api" } }],
      budgets: [{ ...foreign, selector: { matchLabels: { app: "api" } } }],
    };
    assert.deepEqual(messages(existing), [
      'service "shop" workloads "web".autoscale is to have a name that HorizontalPodAutoscaler shop/web has; allowed: a workload without another autoscaler: two undo each other. Fix: remove it where it is declared (kubectl --namespace shop delete horizontalpodautoscaler web), or leave out autoscale',
      'service "shop" workloads "web".maxUnavailable is to have a name that PodDisruptionBudget shop/web has; allowed: pods without another budget: a pod that has two is never evicted, and its node never drained. Fix: remove it where it is declared (kubectl --namespace shop delete poddisruptionbudget web), or leave out maxUnavailable',
    ]);
  });

  it("is refused where another budget selects the workload's pods, by labels that we did not declare too", () => {
    const selectors = [{ matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }] }, {}];
    const budgets = selectors.map((one, index) => ({ name: `budget-${index}`, labels: {}, selector: one }));
    assert.deepEqual(
      messages({ budgets }),
      budgets.map(
        ({ name }) =>
          `service "shop" workloads "web".maxUnavailable is that of pods which PodDisruptionBudget shop/${name} selects; allowed: pods without another budget: a pod that has two is never evicted, and its node never drained. Fix: remove it where it is declared (kubectl --namespace shop delete poddisruptionbudget ${name}), or leave out maxUnavailable`,
      ),
    );
  });

  it("is no conflict where a budget selects other pods, or none", () => {
    const selectors = [{ matchLabels: { app: "api" } }, undefined];
    assert.deepEqual(messages({ budgets: selectors.map((one) => ({ name: "other", labels: {}, selector: one })) }), []);
  });

  it("is refused where the declared labels do not select the workload's pods", () => {
    const refused = (pods: Record<string, string>, are: string) =>
      assert.deepEqual(messages({ workloads: [{ ...web, pods }] }), [
        `service "shop" workloads "web".pods is app=web; allowed: labels of its pods, which are ${are}. Fix: declare those that its pods alone carry`,
      ]);
    refused({ name: "web" }, "name=web");
    refused({}, "no label");
  });

  it("is no conflict where another workload's pods have other labels", () =>
    assert.deepEqual(messages({ workloads: [web, { ...web, name: "api", pods: { app: "api" } }] }), []));

  it("is refused where the declared labels select another workload's pods too", () => {
    assert.deepEqual(messages({ workloads: [web, { ...web, name: "web-canary" }] }), [
      'service "shop" workloads "web".pods is app=web, which selects the pods of Deployment shop/web-canary too; allowed: labels that select its pods and no others: the budget would count both. Fix: add one that its own pods alone carry; they have app=web,tier=front',
    ]);
  });

  const releases: [manager: string, operation: string, fix: string][] = [
    [
      "helm",
      "Update",
      "leave out replicas in the chart (many do with autoscaling.enabled=true, or replicaCount=null), upgrade the release, then run kubectl --namespace shop scale deployment/web --replicas=4",
    ],
    [
      "kubectl-client-side-apply",
      "Update",
      'run kubectl --namespace shop apply edit-last-applied deployment/web and remove spec.replicas there, then in the manifest that "kubectl-client-side-apply" applies',
    ],
    [
      "argocd-controller",
      "Update",
      'run kubectl --namespace shop apply edit-last-applied deployment/web and remove spec.replicas there, then in the manifest that "argocd-controller" applies',
    ],
    [
      "Terraform",
      "Update",
      'leave out replicas in what "Terraform" writes, then run kubectl --namespace shop scale deployment/web --replicas=4',
    ],
    [
      "kustomize-controller",
      "Apply",
      `run echo '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":3}}' | kubectl apply --server-side --field-manager=handover-to-hpa --validate=false -f -, then leave out replicas in what "kustomize-controller" applies, and let it apply`,
    ],
  ];
  for (const [manager, operation, fix] of releases) {
    it(`is refused where ${manager} owns spec.replicas by ${operation}, with how it lets go`, () => {
      assert.deepEqual(messages({ workloads: [{ ...web, replicasOwners: [{ manager, operation }] }] }), [
        `service "shop" workloads "web".autoscale is that of a workload whose spec.replicas (3) the field manager "${manager}" owns by ${operation}; allowed: no owner but the autoscaler: what it decides would be undone at that manager's next write. Fix: ${fix}`,
      ]);
    });
  }

  it("is none for a workload that is only watched", () => {
    assert.deepEqual(messages(rivals, { ...service, workloads: [deployment("web", { pods: { app: "web" } })] }), []);
  });

  it("is looked at for what is declared alone: a budget needs no free replicas, an autoscaler no free pods", () => {
    const without = (key: "autoscale" | "maxUnavailable") => ({
      ...service,
      workloads: service.workloads.map(({ [key]: _, ...workload }) => workload),
    });
    assert.deepEqual(
      messages(rivals, without("autoscale")).map((text) => text.split(" ")[3]),
      ['"web".maxUnavailable'],
    );
    assert.deepEqual(
      messages(rivals, without("maxUnavailable")).map((text) => text.split(" ")[3]),
      ['"web".autoscale', '"web".autoscale'],
    );
  });
});
