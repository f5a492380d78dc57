import assert from "node:assert/strict";
import { MaintainedService } from "../../components/service.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { hardeningFaults } from "../support/hardening.ts";
import { keeping, shop as whole } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

/** The shop with the datastores that a person restores in place. */
const shop = keeping(whole, "orders", "cache");

const declare = (service: Service, stack: string) => {
  const environment = environmentOf(stack);
  return registered(
    () => new MaintainedService(service.name, { environment, service: inEnvironment(service, environment) }),
  );
};

function named(resources: Registered[], kind: string, name: string): Fields {
  const found = resources
    .filter(({ type }) => type.endsWith(`:${kind}`))
    .map(({ inputs }) => inputs as Fields)
    .filter(({ metadata }) => metadata.name === name);
  assert.equal(found.length, 1, `${found.length} ${kind} ${name}`);
  return found[0] as Fields;
}

const podOf = ({ spec }: Fields): Fields => spec.jobTemplate.spec.template.spec;
const stepsOf = (cronJob: Fields): Fields[] => [...podOf(cronJob).initContainers, ...podOf(cronJob).containers];
const namesOf = (steps: Fields[]) => steps.map(({ name }) => name);
const variables = (step: Fields | undefined): Record<string, unknown> =>
  Object.fromEntries(step?.env.map(({ name, value, valueFrom }: Fields) => [name, value ?? valueFrom]));

describe("a restore drill", () => {
  let resources: Registered[];
  let drill: Fields;
  before(async () => {
    resources = await declare(shop, "prod");
    drill = named(resources, "CronJob", "shop-orders-drill");
  });

  it("fetches, restores and records, and has the recovery time for all of it", () => {
    assert.deepEqual(namesOf(stepsOf(drill)), ["fetch", "drill", "record"]);
    assert.equal(drill.spec.jobTemplate.spec.activeDeadlineSeconds, 4 * 3600);
    assert.deepEqual(hardeningFaults(drill.spec), []);
  });

  it("knows no server, no user and no password: it can have no target but its own", () => {
    const [, step] = stepsOf(drill);
    assert.deepEqual(Object.keys(variables(step)), ["HOME", "RECOVERY_POINT"]);
    assert.doesNotMatch(JSON.stringify(podOf(drill)), /secretKeyRef/);
  });

  it("reaches DNS and S3, and nothing reaches it", () => {
    const { spec } = named(resources, "NetworkPolicy", "shop-orders-drill");
    assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
    assert.equal(spec.ingress, undefined);
    assert.deepEqual(
      spec.egress.flatMap(({ ports }: Fields) => ports.map(({ port }: Fields) => port)),
      [53, 53, 443],
    );
  });

  it("has scratch for the dump and the server that it is restored into, twice the dump where that is unpacked first", async () => {
    const scratch = podOf(drill).volumes.find(({ name }: Fields) => name === "scratch");
    assert.equal(scratch.emptyDir.sizeLimit, `${20 + 20 + 2}Gi`);
    const [database] = shop.datastores;
    const older = { ...shop, datastores: [{ ...database, version: 15 }, ...shop.datastores.slice(1)] } as Service;
    const pod = podOf(named(await declare(older, "prod"), "CronJob", "shop-orders-drill"));
    assert.equal(pod.volumes[0].emptyDir.sizeLimit, `${40 + 20 + 2}Gi`);
    assert.match(stepsOf(named(resources, "CronJob", "shop-orders-drill"))[1]?.image, /postgres:17\./);
  });

  it("reads as a role that can put no backup, and as that alone", () => {
    const account = named(resources, "ServiceAccount", "shop-orders-drill");
    assert.deepEqual(account.metadata.annotations, { "eks.amazonaws.com/role-arn": "arn:shop-orders-drill-restorer" });
    const policies = resources.filter(({ name }) => name === "shop-orders-drill-restorer-policy");
    const [{ policy }] = policies.map(({ inputs }) => inputs as Fields) as [Fields];
    const { Statement } = JSON.parse(policy);
    const puts = Statement.filter(({ Action }: Fields) => Action.includes("s3:PutObject")).flatMap(
      ({ Resource }: Fields) => Resource,
    );
    assert.deepEqual(
      puts.map((resource: string) => resource.split("database/")[1]),
      ["golden/*", "drills/*", "before-restore/*"],
    );
    assert.doesNotMatch(JSON.stringify(Statement), /Delete/);
  });

  it("uses the restorer's keys where a Secret holds them, never the writer's", async () => {
    const sandbox = named(await declare(shop, "sandbox"), "CronJob", "shop-orders-drill");
    const keys = [...JSON.stringify(podOf(sandbox)).matchAll(/"secretKeyRef":\{[^}]*\}/g)].map(([text]) => text);
    assert.equal(keys.length, 4);
    for (const key of keys) assert.match(key, /backup-restore-credentials/);
  });

  it("asks what is declared of the data", async () => {
    const backups = shop.backups.map((backup) =>
      backup.datastore === "orders" && backup.drill
        ? {
            ...backup,
            keep: { daily: assumed("60d" as const) },
            drill: { ...backup.drill, freshness: "SELECT now()", assertions: ["SELECT true"] },
          }
        : backup,
    );
    const [, step] = stepsOf(named(await declare({ ...shop, backups }, "prod"), "CronJob", "shop-orders-drill"));
    const { FRESHNESS, ASSERTIONS, RECOVERY_POINT } = variables(step);
    assert.deepEqual([FRESHNESS, ASSERTIONS, RECOVERY_POINT], ["SELECT now()", '["SELECT true"]', String(26 * 3600)]);
  });

  it("of the first Saturday asks in each step whether it is one", async () => {
    const schedule = assumed("0 6 1-7 * *");
    const backups = shop.backups.map((backup) =>
      backup.datastore === "orders" && backup.drill
        ? {
            ...backup,
            keep: { daily: assumed("60d" as const) },
            drill: { ...backup.drill, schedule, only: { weekday: "saturday" as const } },
          }
        : backup,
    );
    const guarded = named(await declare({ ...shop, backups }, "prod"), "CronJob", "shop-orders-drill");
    assert.equal(guarded.spec.schedule, "0 6 1-7 * *");
    for (const { command } of stepsOf(guarded)) assert.match(command[2], /^\[ "\$\(date -u \+%u\)" = 6 \] \|\| /);
  });

  it("brings the alerts of every job, and that on a slow one", () => {
    const { spec } = named(resources, "PrometheusRule", "shop-orders-drill");
    assert.deepEqual(
      spec.groups[0].rules.map(({ alert, labels }: Fields) => `${alert} ${labels.severity}`),
      [
        "MaintenanceJobStale warning",
        "MaintenanceJobMissing warning",
        "MaintenanceJobSuspended warning",
        "MaintenanceJobFailed warning",
        "DrillSlow warning",
      ],
    );
  });
});

describe("a restore", () => {
  let resources: Registered[];
  before(async () => {
    resources = await declare(shop, "prod");
  });
  const restore = (job: string) => named(resources, "CronJob", job);

  it("waits for a person, and says how to start it with its parameters", () => {
    const { metadata, spec } = restore("shop-orders-backup-restore");
    assert.equal(spec.suspend, true);
    assert.equal(metadata.labels["upkeep/on-demand"], "true");
    assert.equal(metadata.labels["upkeep/datastore"], "orders");
    assert.equal(
      metadata.annotations["upkeep/start"],
      "kubectl --namespace shop create job --from=cronjob/shop-orders-backup-restore shop-orders-backup-restore-$(date +%s) --dry-run=client -o yaml" +
        " | kubectl set env --local -f - TARGET=shop CONFIRM=shop -o yaml | kubectl --namespace shop create -f -",
    );
    assert.match(metadata.annotations["upkeep/purpose"], /DRY_RUN=1 fetches and reads it only/);
    assert.deepEqual(hardeningFaults(spec), []);
  });

  it("asks and dumps first, keeps that, then fetches and restores", () => {
    for (const job of ["shop-orders-backup-restore", "shop-cache-backup-restore"]) {
      assert.deepEqual(namesOf(stepsOf(restore(job))), ["before-restore", "keep", "fetch", "restore"]);
    }
  });

  it("names no target by itself", () => {
    for (const job of ["shop-orders-backup-restore", "shop-cache-backup-restore"]) {
      for (const step of stepsOf(restore(job))) {
        const given = Object.keys(variables(step));
        assert.ok(!given.includes("TARGET") && !given.includes("CONFIRM"), `${job} ${step.name}`);
      }
    }
  });

  it("acts as the administrator that the datastore declares, else as its user", async () => {
    const { PGPASSWORD, PGUSER } = variables(stepsOf(restore("shop-orders-backup-restore")).at(-1));
    assert.deepEqual(
      [PGUSER, PGPASSWORD],
      ["postgres", { secretKeyRef: { name: "shop-postgresql-superuser", key: "password" } }],
    );
    const [{ administrator, ...database }, ...rest] = shop.datastores as [Fields, ...Service["datastores"]];
    assert.ok(administrator);
    const own = await declare({ ...shop, datastores: [database as Service["datastores"][number], ...rest] }, "prod");
    const step = stepsOf(named(own, "CronJob", "shop-orders-backup-restore")).at(-1);
    assert.deepEqual(variables(step).PGPASSWORD, {
      secretKeyRef: { name: "shop-postgresql", key: "password" },
    });
  });

  it("of Redis is reached by pods of its namespace on the server's port, because the target replicates from it", () => {
    const policy = (job: string) => named(resources, "NetworkPolicy", job).spec;
    assert.deepEqual(policy("shop-cache-backup-restore").ingress, [
      { from: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 6379 }] },
    ]);
    assert.equal(policy("shop-orders-backup-restore").ingress, undefined);
    const { ADDRESS } = variables(stepsOf(restore("shop-cache-backup-restore")).at(-1));
    assert.deepEqual(ADDRESS, { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } });
  });

  it("may take longer than is promised", () =>
    assert.equal(restore("shop-orders-backup-restore").spec.jobTemplate.spec.activeDeadlineSeconds, 16 * 3600));
});
