import assert from "node:assert/strict";
import { deployment } from "../../../domain/declaration/workload.ts";
import { conflicts, type Existing, type ExistingWorkload, unanswered } from "../../../domain/scaling/conflicts.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { refused } from "../../support/refused.ts";
import { shopWith } from "../../support/shop.ts";

const service = shopWith({
  workloads: [
    deployment("web", {
      pods: { app: "web" },
      autoscale: { min: assumed(3), max: assumed(10), cpu: assumed("70%") },
      maxUnavailable: assumed(1),
    }),
  ],
});

const web: ExistingWorkload = {
  kind: "Deployment",
  name: "web",
  pods: { app: "web", tier: "front" },
  replicas: 3,
  replicasOwners: [],
};

const ours = { "app.kubernetes.io/managed-by": "upkeep" };

const faults = (existing: Partial<Existing>, of = service) =>
  conflicts(of, { workloads: [web], autoscalers: [], budgets: [], ...existing });
const found = (...args: Parameters<typeof faults>) => refused(faults(...args));

const WEB = 'service "shop" workloads "web"';

const target = { kind: "Deployment", name: "web" };
const selector = { matchLabels: { app: "web" } };

/** All that an autoscaler or a budget of ours would conflict with. */
const rivals: Partial<Existing> = {
  workloads: [{ ...web, replicasOwners: [{ manager: "helm", operation: "Update" }] }],
  autoscalers: [{ name: "web-hpa", labels: {}, target }],
  budgets: [{ name: "web-budget", labels: {}, selector }],
};

describe("what a cluster has already", () => {
  it("is no conflict where it has the workload and, from an earlier up, our own objects", () => {
    const own = { name: "web", labels: ours };
    assert.deepEqual(found({ autoscalers: [{ ...own, target }], budgets: [{ ...own, selector }] }), []);
  });

  it("is refused where a declared workload is missing, with the existing ones", () => {
    const workloads: ExistingWorkload[] = [
      { ...web, kind: "StatefulSet" },
      { ...web, name: "api" },
    ];
    assert.deepEqual(found({ workloads }), [["missing-workload", WEB]]);
    assert.match(faults({ workloads })[0]?.allowed ?? "", /Deployment api, StatefulSet web/);
  });

  it("is refused where a workload that is only watched is missing: nothing would ever be seen of it", () => {
    const watched = { ...service, workloads: [deployment("web")] };
    assert.deepEqual(found({ workloads: [] }, watched), [["missing-workload", WEB]]);
  });

  it("is named by ten of its workloads at most", () => {
    const named = (count: number) => {
      const workloads = Array.from({ length: count }, (_, index) => ({ ...web, name: `api-${10 + index}` }));
      return faults({ workloads })[0]?.allowed ?? "";
    };
    assert.match(named(12), /Deployment api-18, Deployment api-19 .*\b2\b/);
    assert.doesNotMatch(named(12), /api-20/);
    assert.match(named(10), /Deployment api-18, Deployment api-19$/);
  });

  it("is refused where another autoscaler scales the workload", () => {
    const labels = { "app.kubernetes.io/managed-by": "Helm" };
    const existing = { autoscalers: [{ name: "web-hpa", labels, target }] };
    assert.deepEqual(found(existing), [["workload-scaled-already", `${WEB}.autoscale`]]);
    const [fault] = faults(existing);
    assert.match(fault?.got ?? "", /shop\/web-hpa .*Helm/);
    assert.match(fault?.fix ?? "", /kubectl --namespace shop delete horizontalpodautoscaler web-hpa\b/);
  });

  it("is refused where KEDA scales the workload, with the object that KEDA makes its autoscaler from", () => {
    const labels = { "app.kubernetes.io/managed-by": "keda-operator", "scaledobject.keda.sh/name": "web-queue" };
    const [fault, ...more] = faults({ autoscalers: [{ name: "keda-hpa-web-queue", labels, target }] });
    assert.deepEqual(more, []);
    assert.match(fault?.got ?? "", /keda-hpa-web-queue .*keda-operator/);
    assert.match(fault?.fix ?? "", /kubectl --namespace shop delete scaledobject web-queue\)/);
  });

  it("recognizes our objects by name and label: neither is enough alone", () => {
    const alone = [
      { name: "web", labels: {} },
      { name: "other", labels: ours },
    ];
    assert.equal(found({ autoscalers: alone.map((one) => ({ ...one, target })) }).length, 2);
    assert.equal(found({ budgets: alone.map((one) => ({ ...one, selector })) }).length, 2);
  });

  it("is no conflict where an autoscaler scales another workload, of another kind or name", () => {
    const autoscalers = [
      { name: "a", labels: {}, target: { kind: "StatefulSet", name: "web" } },
      { name: "b", labels: {}, target: { kind: "Deployment", name: "api" } },
    ];
    assert.deepEqual(found({ autoscalers }), []);
  });

  it("is refused where an object that is not ours has our object's name", () => {
    const foreign = { name: "web", labels: {} };
    const existing = {
      autoscalers: [{ ...foreign, target: { kind: "Deployment", name: "api" } }],
      budgets: [{ ...foreign, selector: { matchLabels: { app: "api" } } }],
    };
    assert.deepEqual(found(existing), [
      ["autoscaler-name-taken", `${WEB}.autoscale`],
      ["budget-name-taken", `${WEB}.maxUnavailable`],
    ]);
  });

  it("is refused where another budget selects the workload's pods, by labels that we did not declare too", () => {
    const selectors = [{ matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }] }, {}];
    const budgets = selectors.map((one, index) => ({ name: `budget-${index}`, labels: {}, selector: one }));
    const expected = budgets.map(() => ["pods-budgeted-already", `${WEB}.maxUnavailable`]);
    assert.deepEqual(found({ budgets }), expected);
    for (const [index, { fix }] of faults({ budgets }).entries()) {
      assert.ok(fix.includes(`kubectl --namespace shop delete poddisruptionbudget budget-${index})`), fix);
    }
  });

  it("is no conflict where a budget selects other pods, or none", () => {
    const selectors = [{ matchLabels: { app: "api" } }, undefined];
    assert.deepEqual(found({ budgets: selectors.map((one) => ({ name: "other", labels: {}, selector: one })) }), []);
  });

  it("is refused where the declared labels do not select the workload's pods", () => {
    for (const pods of [{ name: "web" }, {}]) {
      const existing = { workloads: [{ ...web, pods } as ExistingWorkload] };
      assert.deepEqual(found(existing), [["pod-labels-wrong", `${WEB}.pods`]]);
    }
  });

  it("is no conflict where another workload's pods have other labels", () =>
    assert.deepEqual(found({ workloads: [web, { ...web, name: "api", pods: { app: "api" } }] }), []));

  it("is refused where the declared labels select another workload's pods too", () => {
    const existing = { workloads: [web, { ...web, name: "web-canary" }] };
    assert.deepEqual(found(existing), [["pod-labels-shared", `${WEB}.pods`]]);
    assert.match(faults(existing)[0]?.got ?? "", /Deployment shop\/web-canary/);
  });

  /** The command that a person runs, for each way in which an owner gives the field up. */
  const releases: [manager: string, operation: string, command: string][] = [
    ["helm", "Update", "kubectl --namespace shop scale deployment/web --replicas=4"],
    ["kubectl-client-side-apply", "Update", "kubectl --namespace shop apply edit-last-applied deployment/web"],
    ["argocd-controller", "Update", "kubectl --namespace shop apply edit-last-applied deployment/web"],
    ["Terraform", "Update", "kubectl --namespace shop scale deployment/web --replicas=4"],
    [
      "kustomize-controller",
      "Apply",
      `echo '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":3}}' | kubectl apply --server-side --field-manager=handover-to-hpa --validate=false -f -`,
    ],
  ];
  for (const [manager, operation, command] of releases) {
    it(`is refused where ${manager} owns spec.replicas by ${operation}, with how it lets go`, () => {
      const existing = { workloads: [{ ...web, replicasOwners: [{ manager, operation }] }] };
      assert.deepEqual(found(existing), [["replicas-owned", `${WEB}.autoscale`]]);
      const fix = faults(existing)[0]?.fix ?? "";
      assert.ok(fix.includes(command), fix);
    });
  }

  it("is refused where it is not said", () =>
    assert.deepEqual(refused([unanswered("prod", "no route")]), [
      ["cluster-not-answering", 'the answer of the cluster of context "prod"'],
    ]));

  it("is no conflict for a workload that is only watched", () => {
    assert.deepEqual(found(rivals, { ...service, workloads: [deployment("web", { pods: { app: "web" } })] }), []);
  });

  it("is checked for what is declared alone: a budget needs no free replicas, an autoscaler no free pods", () => {
    const without = (key: "autoscale" | "maxUnavailable") => ({
      ...service,
      workloads: service.workloads.map(({ [key]: _, ...workload }) => workload),
    });
    const places = (key: "autoscale" | "maxUnavailable") => found(rivals, without(key)).map(([, path]) => path);
    assert.deepEqual(places("autoscale"), [`${WEB}.maxUnavailable`]);
    assert.deepEqual(places("maxUnavailable"), [`${WEB}.autoscale`, `${WEB}.autoscale`]);
  });
});
