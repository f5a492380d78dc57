import assert from "node:assert/strict";
import { execa, type Options } from "execa";
import { toolsOnPath } from "../../sandbox/tools/index.ts";
import {
  addPrometheusOperatorKinds,
  applyAs,
  type KubernetesObject,
  kubeconfig,
  kubectl,
  live,
  put,
  until,
} from "../../standins/test/kubernetes/cluster.ts";
import { autoscalerOf, budgetOf, deploymentOf } from "./objects.ts";
import { newShop, type Outcome, type Shop, web } from "./shop.ts";

/** The user that deploys the shop. */
const TEAM = "team";

describe("a workload that exists already", function () {
  this.timeout("3m");
  let shop: Shop;
  before(addPrometheusOperatorKinds);
  beforeEach(async () => {
    shop = await newShop();
  });
  afterEach(() => shop.remove());

  const deployed = () => live("deployment", shop.namespace, "web");
  const replicas = async () => (await deployed()).spec.replicas;

  it("gets its autoscaler and its budget; another up changes nothing, and its number of pods stays", async () => {
    await applyAs(TEAM, deploymentOf(shop.namespace));
    await kubectl("scale", "deployment/web", "--replicas=3", "-n", shop.namespace);
    const { metadata } = await deployed();
    succeeded(await shop.up(web));

    const { spec } = await live("horizontalpodautoscaler", shop.namespace, "web");
    assert.deepEqual([spec.minReplicas, spec.maxReplicas, spec.scaleTargetRef.name], [2, 5, "web"]);
    // The controller counts what the selector finds, and what its owners should have.
    await until(async () => (await live("poddisruptionbudget", shop.namespace, "web")).status?.expectedPods === 3);

    unchanged(await shop.up(web));
    const now = await deployed();
    assert.deepEqual([now.spec.replicas, now.metadata.generation], [3, metadata.generation]);
  });

  it("is scaled by the real controller, whose number of pods no later up refuses or undoes", async () => {
    await applyAs(TEAM, deploymentOf(shop.namespace));
    assert.equal(await replicas(), 1);
    succeeded(await shop.up(web));
    await until(async () => (await replicas()) === 2);
    unchanged(await shop.up(web));
    assert.equal(await replicas(), 2);
  });

  it("keeps all but what Upkeep made when that is no longer declared", async () => {
    await applyAs(TEAM, deploymentOf(shop.namespace));
    succeeded(await shop.up(web));
    succeeded(await shop.up());
    assert.equal(await live("horizontalpodautoscaler", shop.namespace, "web"), undefined);
    assert.equal(await live("poddisruptionbudget", shop.namespace, "web"), undefined);
    assert.ok(await deployed());
  });

  it("is refused where it does not exist", async () => {
    await applyAs(TEAM, deploymentOf(shop.namespace, {}, "api"));
    await refused("", shop.namespace, "Deployment api");
  });

  it("is refused where another autoscaler scales it", async () => {
    await applyAs(TEAM, deploymentOf(shop.namespace));
    await put(autoscalerOf(shop.namespace, "web-hpa"));
    await refused(
      ".autoscale",
      `HorizontalPodAutoscaler ${shop.namespace}/web-hpa`,
      "Helm",
      `kubectl --namespace ${shop.namespace} delete horizontalpodautoscaler web-hpa`,
    );
  });

  it("is refused where another budget selects its pods", async () => {
    await applyAs(TEAM, deploymentOf(shop.namespace));
    await put(budgetOf(shop.namespace, "everything"));
    await refused(
      ".maxUnavailable",
      `PodDisruptionBudget ${shop.namespace}/everything`,
      `kubectl --namespace ${shop.namespace} delete poddisruptionbudget everything`,
    );
  });

  it("is refused while server-side apply owns its number of pods, and deployed after the hand-over that the refusal names", async () => {
    await applyAs(TEAM, deploymentOf(shop.namespace, { replicas: 3 }));
    const number = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"${shop.namespace}"},"spec":{"replicas":3}}`;
    const command = `echo '${number}' | kubectl apply --server-side --field-manager=handover-to-hpa --validate=false -f -`;
    await refused(".autoscale", "spec.replicas (3)", `"${TEAM}"`, "Apply", command);
    await inShell(command);
    await applyAs(TEAM, deploymentOf(shop.namespace));
    assert.equal(await replicas(), 3);
    succeeded(await shop.up(web));
  });

  it("is refused while kubectl apply owns its number of pods, and deployed once that is out of what was applied", async () => {
    const apply = (spec: object) =>
      inShell("kubectl apply -f -", { input: JSON.stringify(deploymentOf(shop.namespace, spec)) });
    await apply({ replicas: 3 });
    const command = `kubectl --namespace ${shop.namespace} apply edit-last-applied deployment/web`;
    await refused(".autoscale", "spec.replicas (3)", '"kubectl-client-side-apply"', "Update", command);
    await inShell(command, { env: { KUBE_EDITOR: "sed -i /replicas:/d" } });
    await apply({});
    assert.equal(await replicas(), 3);
    succeeded(await shop.up(web));
  });

  it("is refused while any other writer owns its number of pods, and deployed once kubectl scale took the field", async () => {
    await put(deploymentOf(shop.namespace, { replicas: 3 }));
    const command = `kubectl --namespace ${shop.namespace} scale deployment/web --replicas=4`;
    await refused(".autoscale", "spec.replicas (3)", '"kubectl-create"', "Update", command);
    await inShell(command);
    succeeded(await shop.up(web));
    assert.equal(await replicas(), 4);
  });

  /**
   * Asserts that a preview and an `up` are refused for this alone, and create nothing.
   *
   * @param path behind the workload's
   * @param values what the cluster has, and the command that a person runs; the words around them are in docs/refusals.md
   */
  async function refused(path: string, ...values: string[]): Promise<void> {
    const before = await objects();
    for (const { exitCode, text } of [await shop.preview(web), await shop.up(web)]) {
      assert.notEqual(exitCode, 0);
      const lines = text.split("\n").map((line) => line.trim());
      const [fault = "", ...others] = new Set(lines.filter((line) => line.startsWith("- service")));
      assert.deepEqual(others, [], text);
      assert.ok(fault.startsWith(`- service "shop" workloads "web"${path} `), text);
      for (const value of values) assert.ok(fault.includes(value), `${value} in ${text}`);
    }
    assert.deepEqual(await objects(), before);
  }

  /** All that may be made in the shop's namespace. */
  async function objects(): Promise<string[]> {
    const kinds =
      "deployments,horizontalpodautoscalers,poddisruptionbudgets,configmaps,secrets,cronjobs,prometheusrules";
    const list = JSON.parse(await kubectl("get", kinds, "-n", shop.namespace, "-o", "json"));
    return list.items.map(({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`).sort();
  }
});

function succeeded({ exitCode, text }: Outcome): void {
  assert.equal(exitCode, 0, text);
}

function unchanged(outcome: Outcome): void {
  succeeded(outcome);
  assert.match(outcome.text, /Resources:\n\s+\d+ unchanged\n/);
}

/** Runs what a message says, as the cluster's administrator. */
async function inShell(command: string, { env, ...options }: Options = {}): Promise<void> {
  const path = await toolsOnPath(["kubectl"]);
  await execa("bash", ["-c", command], { ...options, env: { PATH: path, KUBECONFIG: kubeconfig, ...env } });
}
