import assert from "node:assert/strict";
import { MaintainedService } from "../../components/service.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { refused } from "../support/refused.ts";
import { keeping, shop as whole } from "../support/shop.ts";
import { refusal } from "./refusal.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

const shop: Service = { ...keeping(whole, "orders"), workloads: [] };
const environment = environmentOf("prod", { images: { registry: "registry.example.com/mirror" } });

/** Name of the Kubernetes object; undefined for all else. */
const objectName = ({ inputs }: Registered) => (inputs as Fields).metadata?.name as string | undefined;

const declare = (service: Service) => registered(() => new MaintainedService(service.name, { environment, service }));

describe("a maintained service", () => {
  let resources: Registered[];
  before(async () => {
    resources = await declare(shop);
  });
  const one = (type: string) => {
    const found = resources.filter(
      (resource) => resource.type === type && (objectName(resource) ?? "shop-orders-backup") === "shop-orders-backup",
    );
    assert.equal(found.length, 1, `${found.length} of ${type}`);
    return (found[0] as Registered).inputs as Fields;
  };
  const pod = () => one("kubernetes:batch/v1:CronJob").spec.jobTemplate.spec.template.spec;

  it("protects and retains the bucket, its settings and its key, and nothing else", () => {
    const types = (flag: "protect" | "retainOnDelete") =>
      resources.filter((resource) => resource[flag]).map(({ type }) => type);
    const cloud = resources.map(({ type }) => type).filter((type) => /^aws:(s3|kms)\//.test(type));
    // A bucket, its second copy, each with a key, and the log bucket.
    assert.equal(cloud.length, 29);
    assert.deepEqual(types("protect"), cloud);
    assert.deepEqual(types("retainOnDelete"), cloud);
  });

  it("keeps its bucket when its last backup goes", async () => {
    const datastores = shop.datastores.map((datastore) => ({
      ...datastore,
      unprotected: "rebuilt from the event log",
    }));
    const left = await declare({ ...shop, datastores, backups: [] });
    const types = left.map(({ type }) => type);
    assert.ok(types.includes("aws:s3/bucket:Bucket"));
    assert.ok(!left.some((resource) => objectName(resource) === "shop-orders-backup"));
  });

  it("keeps the same bucket, and nothing else, once it is retired", async () => {
    const bucketOf = (list: Registered[]) =>
      list.filter(({ type }) => type.startsWith("aws:s3/") || type.startsWith("aws:kms/"));
    const left = await registered(
      () => new MaintainedService(shop.name, { environment, service: shop, retired: true }),
    );
    assert.deepEqual(bucketOf(left), bucketOf(resources));
    assert.deepEqual(
      left.map(({ type }) => type).filter((type) => type.startsWith("kubernetes:")),
      [],
    );
  });

  it("gives every Kubernetes object an explicit name in the service's namespace", () => {
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    for (const { inputs, name } of objects) {
      const { metadata } = inputs as Fields;
      assert.deepEqual([typeof metadata.name, metadata.namespace], ["string", "shop"], name);
    }
    const ofBackup = objects.filter((object) => objectName(object) === "shop-orders-backup");
    assert.deepEqual(ofBackup.map(({ type }) => type.split(":").at(-1)).sort(), [
      "CronJob",
      "NetworkPolicy",
      "PrometheusRule",
      "ServiceAccount",
    ]);
    for (const { inputs } of ofBackup) {
      assert.deepEqual(
        { ...(inputs.metadata as Record<string, unknown>), labels: undefined, annotations: undefined },
        { name: "shop-orders-backup", namespace: "shop", labels: undefined, annotations: undefined },
      );
    }
  });

  it("writes on the CronJob what it promises, so that the object itself can be judged", () => {
    assert.deepEqual(one("kubernetes:batch/v1:CronJob").metadata.annotations, {
      "upkeep/recovery-point": "26h",
      "upkeep/survives": "0",
      "upkeep/scratch": "20Gi",
    });
  });

  it("takes every image from the environment's registry", () => {
    const images = [...pod().initContainers, ...pod().containers].map(({ image }: { image: string }) => image);
    for (const image of images)
      assert.match(image, /^registry\.example\.com\/mirror\/(library\/postgres:17\.\d+|amazon\/aws-cli:\d)/);
  });

  it("gives the database's password to the dump alone", () => {
    const secretsOf = ({ env }: { env: { valueFrom?: { secretKeyRef?: { name: string } } }[] }) =>
      env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []);
    assert.deepEqual(pod().initContainers.map(secretsOf), [["shop-postgresql", "shop-postgresql"], []]);
    assert.deepEqual(pod().containers.map(secretsOf), [[]]);
  });

  it("carries its programs in the pod, so that an update never changes a run under way", () => {
    const configMaps = resources.filter(({ type }) => type.endsWith(":ConfigMap"));
    assert.deepEqual(configMaps.map(objectName), ["shop-dashboard"]);
    assert.match(pod().initContainers[0].command[2], /pg_dump/);
  });

  it("limits what a pod may store to scratch, tmp and its log", () => {
    const limits = pod().containers[0].resources.limits;
    // A database of 20Gi is more than one put holds: its dump is cut into parts of 512Mi.
    assert.equal(limits["ephemeral-storage"], `${20 * 1024 + 512 + 64 + 256}Mi`);
  });

  it("alerts only when the schedule and its deadlines can no longer explain the age", () => {
    const rules = one("kubernetes:monitoring.coreos.com/v1:PrometheusRule").spec.groups[0].rules;
    assert.deepEqual(
      rules.map(({ alert }: { alert: string }) => alert),
      ["MaintenanceJobStale", "MaintenanceJobMissing", "MaintenanceJobSuspended", "MaintenanceJobFailed"],
    );
    assert.match(rules[0].expr, /> 90900$/);
    assert.equal(rules[0].labels.severity, "critical");
    assert.equal(rules[0].annotations.runbook_url, "https://upkeep.example.com/runbooks/MaintenanceJobStale.md");
  });

  it("lets the job's pods connect to DNS, the database and S3, and nothing connect to them", () => {
    const { spec } = one("kubernetes:networking.k8s.io/v1:NetworkPolicy");
    assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
    assert.equal(spec.ingress, undefined);
    assert.deepEqual(
      spec.egress.flatMap(({ ports }: { ports: { port: number }[] }) => ports.map(({ port }) => port)),
      [53, 53, 5432, 443],
    );
  });

  it("binds the writer's role to the job's ServiceAccount", () => {
    assert.equal(
      one("kubernetes:core/v1:ServiceAccount").metadata.annotations["eks.amazonaws.com/role-arn"],
      "arn:shop-orders-writer",
    );
  });

  it("is refused before any resource is registered", async () => {
    const broken = { ...shop, objectives: { ...shop.objectives, recoveryPoint: assumed("1h" as const) } };
    const { faults, made } = await refusal(() => new MaintainedService("broken", { environment, service: broken }));
    assert.deepEqual(refused(faults), [["recovery-point-missed", "backups[0].schedule"]]);
    assert.deepEqual(made, []);
  });
});
