import { type Autoscale, daemonSet, deployment, type Workload } from "../../../domain/declaration/workload.ts";
import { autoscaleFaults } from "../../../domain/scaling/autoscale.ts";
import { conflicts, type Existing, type ExistingWorkload, unanswered } from "../../../domain/scaling/conflicts.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";
import { shopWith } from "../../support/shop.ts";
import type { Example, Room } from "../room.ts";

const autoscale: Autoscale = { min: assumed(3), max: assumed(10), cpu: assumed("70%") };
const web = deployment("web", { pods: { app: "web" }, autoscale, maxUnavailable: assumed(1) });
const serviceWith = (...workloads: Workload[]) => shopWith({ workloads });

const declared = (code: string, ...workloads: Workload[]): Example => ({
  code,
  faults: () => autoscaleFaults(serviceWith(...workloads), environmentOf("prod")),
});
const scaled = (code: string, changes: Partial<Autoscale>): Example =>
  declared(code, deployment("web", { autoscale: { ...autoscale, ...changes } }));

const running: ExistingWorkload = {
  kind: "Deployment",
  name: "web",
  pods: { app: "web", tier: "front" },
  replicas: 3,
  replicasOwners: [],
};
const target = { kind: "Deployment", name: "web" };
const selector = { matchLabels: { app: "web" } };
const helm = { "app.kubernetes.io/managed-by": "Helm" };

const found = (code: string, existing: Partial<Existing>): Example => ({
  code,
  faults: () => conflicts(serviceWith(web), { workloads: [running], autoscalers: [], budgets: [], ...existing }),
});
const owned = (manager: string, operation: string): Example =>
  found("replicas-owned", { workloads: [{ ...running, replicasOwners: [{ manager, operation }] }] });

export const room: Room = {
  title: "Autoscalers and disruption budgets (domain/scaling)",
  sources: ["domain/scaling/*.ts"],
  examples: [
    declared("workload-kept-twice", web, { ...web, kind: "StatefulSet" }),
    {
      code: "missing-metrics-api",
      faults: () => {
        const features = { ...(settingsOf("prod").features as object), metricsServer: false };
        return autoscaleFaults(serviceWith(web), environmentOf("prod", { features }));
      },
    },
    declared("daemonset-autoscaled", { ...deployment("web", { autoscale }), kind: "DaemonSet" }),
    declared("daemonset-budgeted", daemonSet("web", { pods: { app: "web" }, maxUnavailable: assumed(1) })),
    scaled("autoscale-max-invalid", { max: assumed(2) }),
    declared("budget-without-pods", deployment("web", { maxUnavailable: assumed(1) })),
    declared("budget-takes-every-pod", { ...web, maxUnavailable: assumed(3) }),
    found("missing-workload", { workloads: [{ ...running, name: "api" }] }),
    found("missing-workload", { workloads: [] }),
    found("workload-scaled-already", { autoscalers: [{ name: "web-hpa", labels: helm, target }] }),
    found("autoscaler-name-taken", {
      autoscalers: [{ name: "web", labels: {}, target: { kind: "Deployment", name: "api" } }],
    }),
    found("pods-budgeted-already", { budgets: [{ name: "web-budget", labels: {}, selector }] }),
    found("budget-name-taken", {
      budgets: [{ name: "web", labels: {}, selector: { matchLabels: { app: "api" } } }],
    }),
    found("pod-labels-wrong", { workloads: [{ ...running, pods: { name: "web" } }] }),
    found("pod-labels-shared", { workloads: [running, { ...running, name: "web-canary" }] }),
    owned("helm", "Update"),
    owned("kubectl-client-side-apply", "Update"),
    owned("Terraform", "Update"),
    owned("kustomize-controller", "Apply"),
    {
      code: "cluster-not-answering",
      faults: () => [unanswered("prod", "connect ECONNREFUSED 10.0.0.1:6443")],
    },
  ],
};
