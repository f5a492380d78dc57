import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import { clusterFacts, clusterOf } from "../../components/scaling/cluster.ts";
import { kubeconfig, kubectl, live, newNamespace, put, until } from "../../standins/test/kubernetes/cluster.ts";
import { roleBinding } from "../../standins/test/kubernetes/objects.ts";
import { environmentOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { autoscalerOf, budgetOf, deploymentOf } from "./objects.ts";

describe("the rights that docs/autoscaling.md lists", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-rights-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are needed, and enough to ask the cluster what it has", async () => {
    const namespace = await newNamespace();
    for (const object of [deploymentOf, (of: string) => autoscalerOf(of, "hpa"), (of: string) => budgetOf(of, "pdb")])
      await put(object(namespace));
    const cluster = await clusterOf(await environmentOfDefaultAccount(namespace));
    const ask = () => clusterFacts(cluster, { ...shop, namespace });

    const text = readFileSync(join(clone, "docs/autoscaling.md"), "utf8");
    const role = parse(/```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "");
    await assert.rejects(ask(), {
      name: "NotAnswered",
      message: /^it answered 403: \w+\.\w+ is forbidden: User "system:serviceaccount:.*" cannot list resource/,
    });
    await put(role);
    await put(roleBinding(namespace, "check", role.metadata.name));
    const { workloads, autoscalers, budgets } = await ask();
    assert.deepEqual(
      [...workloads, ...autoscalers, ...budgets].map(({ name }) => name),
      ["web", "hpa", "pdb"],
    );
  });

  /** An environment whose kubeconfig has the token of the namespace's own account. */
  async function environmentOfDefaultAccount(namespace: string) {
    await until(async () => (await live("serviceaccount", namespace, "default")) !== undefined);
    const config = JSON.parse(readFileSync(kubeconfig, "utf8"));
    config.users[0].user = { token: await kubectl("create", "token", "default", "-n", namespace) };
    const path = join(folder, "kubeconfig");
    writeFileSync(path, JSON.stringify(config));
    return environmentOf("prod", { kubernetes: { context: "sandbox", kubeconfig: path } });
  }
});
