import assert from "node:assert/strict";
import type { V1ConfigMap, V1PodSpec } from "@kubernetes/client-node";
import { configurationKinds } from "../../domain/declaration/configurationKinds.ts";
import { firedByItself } from "../story/fired.ts";
import { bucket, type Manifest, manifest, manifests, namespace, runOnce, set } from "../story/job.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";

const job = "mplp-config-backup";
const prefix = "configs/";
/** Where copies of the Job publish that are not the service's backup. */
/** A prefix of its own for each run that publishes elsewhere: beside a larger one, a small export would be suspect. */
let runs = 0;

interface Exported {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string };
}
type Objects = { objects: { kind: string; count: number }[] };

describe("a backup of configuration", function () {
  this.timeout("5m");
  let sandbox: Sandbox;
  let published: Manifest<Objects>;
  let text: string;

  before(async () => {
    sandbox = await sandboxUnderTest();
    // As a person does it: kubectl then keeps what it applied in an annotation.
    const byHand = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "by-hand", namespace },
      data: { b: "2", a: "1" },
    };
    await sandbox.run("kubectl", ["apply", "--filename=-"], JSON.stringify(byHand));
  });
  after(() => sandbox.kubectl("--namespace", namespace, "delete", "configmap", "by-hand"));

  it("is published by the Job that its CronJob starts", async () => {
    published = await manifest(sandbox, prefix, await firedByItself(sandbox, job, prefix));
    text = await data(published);
  });

  it("holds every ConfigMap of the namespace but the cluster's own and Upkeep's, in order, as its manifest says", async () => {
    const list = await sandbox.kubectl("--namespace", namespace, "get", "configmaps", "--output=json");
    const all = JSON.parse(list).items as V1ConfigMap[];
    const live = all.filter(
      ({ metadata }) =>
        metadata?.name !== "kube-root-ca.crt" && metadata?.labels?.["app.kubernetes.io/managed-by"] !== "upkeep",
    );
    assert.ok(live.length > 1 && all.length - live.length > 1, `${live.length} of ${all.length} ConfigMaps`);
    const exported = lines(text) as unknown as V1ConfigMap[];
    assert.deepEqual(
      exported.map(({ metadata, data }) => ({ name: metadata?.name, labels: metadata?.labels, data })),
      live.map(({ metadata, data }) => ({ name: metadata?.name, labels: metadata?.labels, data })),
    );
    assert.deepEqual(published.objects, [{ kind: "ConfigMap", count: live.length }]);
  });

  it("holds nothing that the cluster or kubectl filled in, and its keys in order", () => {
    const [byHand] = text.split("\n").filter((line) => line.includes("by-hand"));
    assert.equal(
      byHand,
      '{"apiVersion":"v1","data":{"a":"1","b":"2"},"kind":"ConfigMap","metadata":{"name":"by-hand","namespace":"mplp-production"}}',
    );
    assert.doesNotMatch(text, /"(uid|resourceVersion|generation|creationTimestamp|managedFields|status)":/);
  });

  it("holds no Secret, which its account may not even list", async () => {
    const secrets = await sandbox.kubectl("--namespace", namespace, "get", "secrets", "--output=json");
    const values = (JSON.parse(secrets).items as { data: Record<string, string> }[]).flatMap((one) =>
      Object.values(one.data),
    );
    assert.ok(values.length > 3, `only ${values.length} values`);
    for (const value of values) {
      assert.ok(!text.includes(value), "a Secret's value, in base64");
      const clear = Buffer.from(value, "base64").toString();
      assert.ok(clear.length < 12 || !text.includes(clear), "a Secret's value, in clear text");
    }
    const account = `system:serviceaccount:${namespace}:${job}`;
    const may = async (verb: string, resource: string, space = namespace) =>
      (await sandbox.run("bash", [
        "-c",
        `kubectl auth can-i ${verb} ${resource} --as=${account} --namespace=${space} || true`,
      ])) === "yes";
    assert.equal(await may("list", "configmaps"), true);
    assert.equal(await may("list", "configmaps", "tapio-system"), false);
    for (const verb of ["list", "get"]) assert.equal(await may(verb, "secrets"), false, verb);
    for (const verb of ["create", "update", "delete"]) assert.equal(await may(verb, "configmaps"), false, verb);
  });

  it("is the same bytes when nothing changed", async () => {
    assert.equal((await exportAside()).sha256, published.sha256);
  });

  it("holds lists of many pages whole", async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `page-test-${index}`, namespace, labels: { test: "pages" } },
    }));
    await sandbox.run(
      "kubectl",
      ["apply", "--server-side", "--filename=-"],
      JSON.stringify({ apiVersion: "v1", kind: "List", items: many }),
    );
    try {
      const exported = await exportAside();
      const [{ count: before = 0 } = {}] = published.objects;
      assert.deepEqual(exported.objects, [{ kind: "ConfigMap", count: before + many.length }]);
      const names = lines(await data(exported)).map(({ metadata }) => metadata.name);
      assert.equal(new Set(names).size, names.length);
    } finally {
      await sandbox.kubectl("--namespace", namespace, "delete", "configmap", "--selector=test=pages");
    }
  });

  it("holds each kind so that another namespace takes it", async () => {
    const resources = Object.values(configurationKinds).map(({ resource }) => resource);
    await sandbox.kubectl("--namespace", namespace, "create", "serviceaccount", "export-all");
    await sandbox.kubectl(
      ...["--namespace", namespace, "create", "role", "export-all", "--verb=list"],
      `--resource=${resources.join(",")}`,
    );
    await sandbox.kubectl(
      ...["--namespace", namespace, "create", "rolebinding", "export-all", "--role=export-all"],
      `--serviceaccount=${namespace}:export-all`,
    );
    try {
      const kinds = Object.entries(configurationKinds).map(([kind, served]) => ({ kind, ...served }));
      const exported = await exportAside((pod) => {
        pod.serviceAccountName = "export-all";
        set(pod, "KINDS", JSON.stringify(kinds));
      });
      assert.deepEqual(
        exported.objects.map(({ kind, count }) => [kind, count > 0]),
        [
          ["ConfigMap", true],
          ["DaemonSet", true],
          ["Deployment", true],
          ["Service", true],
          ["StatefulSet", true],
        ],
      );
      const written = await data(exported);
      assert.doesNotMatch(written, /"(clusterIPs?|deployment\.kubernetes\.io\/revision)":/);
      const items = lines(written).map((object) => ({
        ...object,
        metadata: { ...object.metadata, namespace: "mplp-recovery" },
      }));
      const accepted = await sandbox.run(
        "kubectl",
        ["create", "--dry-run=server", "--validate=strict", "--filename=-"],
        JSON.stringify({ apiVersion: "v1", kind: "List", items }),
      );
      assert.equal(
        accepted.split("\n").filter((line) => / created \(server dry run\)$/.test(line)).length,
        items.length,
      );
    } finally {
      for (const kind of ["rolebinding", "role", "serviceaccount"]) {
        await sandbox.kubectl("--namespace", namespace, "delete", kind, "export-all");
      }
    }
  });

  /** Runs a copy of the Job that publishes elsewhere. */
  async function exportAside(change: (pod: V1PodSpec) => void = () => {}): Promise<Manifest<Objects>> {
    const aside = `tests/${process.pid}-${runs++}/`;
    const { succeeded, log } = await runOnce(sandbox, job, (pod) => {
      const publish = pod.containers[0];
      if (publish)
        publish.env = publish.env?.map((one) => (one.name === "PREFIX" ? { ...one, value: aside } : one)) ?? [];
      change(pod);
    });
    assert.ok(succeeded, log);
    return manifest(sandbox, aside, (await manifests(sandbox, aside)).at(-1) as string);
  }

  const data = ({ key }: Manifest) => sandbox.aws("s3", "cp", `s3://${bucket}/${key}`, "-");
});

function lines(text: string): Exported[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Exported);
}
