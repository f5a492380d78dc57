import assert from "node:assert/strict";
import { BackupBucket } from "../../components/backup/backupBucket.ts";
import { declareBackup } from "../../components/backup/declareBackup.ts";
import { declareRestore } from "../../components/backup/declareRestore.ts";
import { configuration, grafana, postgres, redis, secret } from "../../domain/declaration/datastore.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import { STALE_FOR } from "../../domain/jobs/maintenanceJob.ts";
import { seconds } from "../../domain/values/duration.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

const environment = environmentOf("prod");

/** The backups of a service, without what else it has. */
const declare = (service: Service, environment = environmentOf("prod")) =>
  registered(() => {
    const bucket = new BackupBucket("backups", { environment, service });
    for (const datastore of service.datastores) {
      const backup = service.backups.find((one) => one.datastore === datastore.name) as Backup;
      declareBackup(datastore.name, { environment, service, datastore, backup, bucket }, bucket);
    }
  });

/** The shop with one datastore and its backup, changed. */
function only(datastore: Service["datastores"][number], changes: Partial<Service["backups"][number]> = {}): Service {
  const backups = shop.backups.filter((backup) => backup.datastore === datastore.name);
  return { ...shop, datastores: [datastore], backups: backups.map((backup) => ({ ...backup, ...changes })) };
}

function one(resources: Registered[], type: string): Fields {
  const found = resources.filter((resource) => resource.type === type);
  assert.equal(found.length, 1, `${found.length} of ${type}`);
  return (found[0] as Registered).inputs;
}

const namesOf = (resources: Registered[], types: RegExp) =>
  resources.filter(({ type }) => types.test(type)).map(({ name }) => name);

const podOf = (resources: Registered[]) =>
  one(resources, "kubernetes:batch/v1:CronJob").spec.jobTemplate.spec.template.spec as Fields;

const portsOf = (resources: Registered[]) =>
  one(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy").spec.egress.flatMap(
    ({ ports }: { ports: { port: number }[] }) => ports.map(({ port }) => port),
  );

describe("a backup", () => {
  it("is made by its datastore's own component, and published by the same program", async () => {
    const resources = await declare(shop);
    const types = resources
      .map(({ type }) => type)
      .filter((type) => /^upkeep:backup:\w+Backup$/.test(type))
      .sort();
    assert.deepEqual(
      types,
      ["ConfigBackup", "GrafanaBackup", "PostgresBackup", "RedisBackup", "VolumeBackup"].map(
        (noun) => `upkeep:backup:${noun}`,
      ),
    );
    const programs = resources
      .filter(({ type }) => type === "kubernetes:batch/v1:CronJob")
      .map(({ inputs }) => (inputs as Fields).spec.jobTemplate.spec.template.spec.containers[0].command[2]);
    assert.equal(programs.length, 5);
    assert.equal(new Set(programs).size, 1);
    assert.match(programs[0], /upkeep\/backup-manifest\/v1/);
  });

  it("can first run when its bucket has every setting, its pod reaches nothing else, and its account has its rights", async () => {
    const resources = await declare(shop);
    const settings = namesOf(resources, /^aws:s3\/bucket(?!:)/).filter((name) => /^backups-[a-z]+$/.test(name));
    assert.ok(settings.length > 5, settings.join(", "));
    const jobs = resources.filter(({ type }) => type === "upkeep:jobs:MaintenanceJob");
    assert.equal(jobs.length, 5);
    for (const { name } of jobs) {
      const cronJob = resources.find((resource) => resource.name === `${name}-cronjob`) as Registered;
      const bounds = namesOf(resources, /NetworkPolicy$|RoleBinding$/).filter((bound) => bound.startsWith(`${name}-`));
      assert.ok(bounds.length > 0);
      assert.deepEqual(
        [...settings, ...bounds].filter((needed) => !cronJob.dependencies.includes(needed)),
        [],
      );
    }
  });

  it("that survives failed runs still notifies of the first one, while there is time to act", async () => {
    const [database] = shop.datastores as [Service["datastores"][number]];
    const often = { schedule: assumed("*/20 * * * *"), startingDeadline: "2m", deadline: "15m", survives: 1 } as const;
    const objectives = { ...shop.objectives, recoveryPoint: assumed("1h" as const) };
    const resources = await declare({ ...only(database, often), objectives });
    const [stale] = one(resources, "kubernetes:monitoring.coreos.com/v1:PrometheusRule").spec.groups[0].rules;
    const threshold = Number(/> (\d+)$/.exec(stale.expr)?.[1]);
    assert.equal(threshold, (20 + 2 + 15) * 60, "the worst case of runs that all succeed");
    assert.equal(stale.for, STALE_FOR);
    assert.ok(threshold + seconds(STALE_FOR) < 3600);
  });
});

/** GiB that publishing needs to cut a part out of a dump that is too large for one put. */
const PART = 0.5;

describe("a PostgreSQL backup", () => {
  const [main] = shop.datastores as [Service["datastores"][number]];
  const environmentOf = ({ env }: Fields) =>
    Object.fromEntries(env.map(({ name, value }: { name: string; value: string }) => [name, value]));
  const facts = { host: "postgresql", database: "plans", credentials: secret("postgresql") };

  it("dumps, verifies and publishes in containers of their own, the first two of the server's version", async () => {
    const { initContainers, containers } = podOf(await declare(only(main)));
    assert.deepEqual(
      [...initContainers, ...containers].map(({ name, image }: Fields) => [name, /[^/:]+(?=:)/.exec(image)?.[0]]),
      [
        ["dump", "postgres"],
        ["verify", "postgres"],
        ["publish", "aws-cli"],
      ],
    );
    assert.equal(initContainers[0].image, initContainers[1].image);
  });

  it("of a large database is made by several workers, and one tar with scratch to unpack it", async () => {
    const large = postgres("orders", { ...facts, version: 17, size: assumed("50Gi") });
    const pod = podOf(await declare(only(large, { scratchClass: "gp3" })));
    const [dump, verify] = pod.initContainers.map(environmentOf);
    assert.equal(dump.JOBS, "4");
    for (const { ARTEFACT } of [dump, verify, environmentOf(pod.containers[0])])
      assert.equal(ARTEFACT, "/scratch/backup.tar");
    const { resources } = pod.volumes[0].ephemeral.volumeClaimTemplate.spec;
    assert.equal(resources.requests.storage, `${(100 + PART) * 1024}Mi`);
  });

  it("of any other is one dump in the custom format, in scratch of the database's size", async () => {
    const pod = podOf(await declare(only(postgres("orders", { ...facts, version: 17, size: assumed("49Gi") }))));
    const dump = environmentOf(pod.initContainers[0]);
    assert.equal(dump.JOBS, undefined);
    assert.equal(dump.ARTEFACT, "/scratch/backup.dump");
    assert.deepEqual(pod.volumes[0], { name: "scratch", emptyDir: { sizeLimit: `${(49 + PART) * 1024}Mi` } });
  });

  it("from a server before 16 needs no more scratch: it is compressed on its way to the disk", async () => {
    const old = postgres("orders", { ...facts, version: 15, size: assumed("20Gi") });
    const { volumes } = podOf(await declare(only(old)));
    assert.deepEqual(volumes[0], { name: "scratch", emptyDir: { sizeLimit: `${(20 + PART) * 1024}Mi` } });
  });
});

describe("the scratch of a backup", () => {
  it("is a volume of each run's own where a StorageClass is declared, and no longer the node's to hold", async () => {
    const [main] = shop.datastores as [Service["datastores"][number]];
    const pod = podOf(await declare(only(main, { scratchClass: "gp3" })));
    assert.deepEqual(pod.volumes[0], {
      name: "scratch",
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "gp3",
            resources: { requests: { storage: `${(20 + PART) * 1024}Mi` } },
          },
        },
      },
    });
    for (const { resources } of [...pod.initContainers, ...pod.containers]) {
      assert.equal(resources.limits["ephemeral-storage"], `${64 + 256}Mi`);
    }
  });
});

describe("the publishing of a backup", () => {
  const [database] = shop.datastores as [Service["datastores"][number]];
  const publishing = (resources: Registered[]) =>
    Object.fromEntries(podOf(resources).containers[0].env.map(({ name, value }: Fields) => [name, value])) as Fields;

  it("is passed the declared tiers, longest first", async () => {
    const keep = { hourly: assumed("2d"), monthly: assumed("365d"), daily: assumed("30d") } as const;
    assert.equal(publishing(await declare(only(database, { keep }))).TIERS, "monthly daily hourly");
  });

  it("calls a run suspect that is less than half of the last one, or as the declaration says", async () => {
    const { SHRINK, ACCEPTS } = publishing(await declare(only(database)));
    assert.deepEqual([SHRINK, ACCEPTS], ["50%", ""]);
    const accepts = "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11";
    const declared = publishing(await declare(only(database, { shrink: "20%", accepts })));
    assert.deepEqual([declared.SHRINK, declared.ACCEPTS], ["20%", accepts]);
  });

  it("is not retried after a suspect run or with a clock that was moved back, and a drained node costs no attempt", async () => {
    const { backoffLimit, podFailurePolicy } = one(await declare(only(database)), "kubernetes:batch/v1:CronJob").spec
      .jobTemplate.spec;
    assert.equal(backoffLimit, 2);
    assert.deepEqual(podFailurePolicy.rules, [
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      { action: "FailJob", onExitCodes: { containerName: "publish", operator: "In", values: [3, 4] } },
    ]);
  });

  it("has scratch for a part of what is too much for one put", async () => {
    const room = async (size: `${number}Gi`) => {
      const { volumes } = podOf(await declare(only({ ...database, size: assumed(size) } as typeof database)));
      return volumes.find(({ name }: Fields) => name === "scratch").emptyDir.sizeLimit;
    };
    assert.equal(await room("5Gi"), "5Gi");
    assert.equal(await room("20Gi"), `${20 * 1024 + 512}Mi`);
  });
});

describe("a Redis backup", () => {
  const cache = redis("cache", { host: "redis", size: assumed("2Gi") });

  it("takes the dump with the vendor's own client, in the scratch that the data needs", async () => {
    const [dump] = podOf(await declare(only(cache))).initContainers;
    assert.match(dump.image, /^docker\.io\/library\/redis:\d+\.\d+\.\d+-/);
    assert.deepEqual(dump.command.slice(0, 2), ["bash", "-c"]);
    assert.equal(dump.resources.limits["ephemeral-storage"], `${2 * 1024 + 64 + 256}Mi`);
    assert.deepEqual(dump.env.slice(1), [
      { name: "ARTEFACT", value: "/scratch/backup.rdb" },
      { name: "HOST", value: "redis" },
      { name: "PORT", value: "6379" },
      { name: "MAX_LAG", value: "60" },
    ]);
  });

  it("takes as much lag of a replica or standby as its datastore declares", async () => {
    const [database] = shop.datastores as [Service["datastores"][number]];
    for (const datastore of [cache, database]) {
      const [dump] = podOf(await declare(only({ ...datastore, maxLag: "5m" } as typeof datastore))).initContainers;
      assert.equal(dump.env.find(({ name }: Fields) => name === "MAX_LAG").value, "300");
    }
  });

  it("gives a password to the dump alone, in its environment and nowhere else", async () => {
    const pod = podOf(await declare(only({ ...cache, password: { secret: "redis", key: "password" } })));
    const [dump, verify] = pod.initContainers;
    assert.deepEqual(dump.env.at(-1), {
      name: "REDISCLI_AUTH",
      valueFrom: { secretKeyRef: { name: "redis", key: "password" } },
    });
    assert.doesNotMatch(JSON.stringify(verify), /REDISCLI_AUTH/);
    assert.doesNotMatch(JSON.stringify(dump.command), /--pass\b| -a |\$REDISCLI_AUTH/);
    assert.doesNotMatch(JSON.stringify(pod.containers), /REDISCLI_AUTH"/);
  });

  it("talks to DNS, the server and S3", async () => {
    assert.deepEqual(portsOf(await declare(only(cache))), [53, 53, 6379, 443]);
  });

  it("gets no token of the Kubernetes API, and no role", async () => {
    const resources = await declare(only(cache));
    assert.doesNotMatch(JSON.stringify(podOf(resources)), /serviceAccountToken"/);
    assert.equal(
      resources.some(({ type }) => type.startsWith("kubernetes:rbac")),
      false,
    );
  });
});

describe("a configuration backup", () => {
  const objects = configuration("configuration", { objects: ["ConfigMap", "Deployment", "Service"] });
  let resources: Registered[];
  before(async () => {
    resources = await declare(only(objects));
  });

  it("may list the declared kinds in its namespace, and do nothing else", () => {
    const { metadata, rules } = one(resources, "kubernetes:rbac.authorization.k8s.io/v1:Role");
    assert.equal(metadata.namespace, "shop");
    assert.deepEqual(rules, [
      { apiGroups: [""], resources: ["configmaps"], verbs: ["list"] },
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"] },
      { apiGroups: [""], resources: ["services"], verbs: ["list"] },
    ]);
  });

  it("gives that right to its own ServiceAccount alone", () => {
    const { roleRef, subjects, metadata } = one(resources, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding");
    assert.deepEqual(roleRef, { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "shop-config-backup" });
    assert.deepEqual(subjects, [{ kind: "ServiceAccount", name: "shop-config-backup", namespace: "shop" }]);
    assert.equal(metadata.namespace, "shop");
    assert.equal(podOf(resources).serviceAccountName, "shop-config-backup");
  });

  it("shows the token to the export and not to the upload", () => {
    const pod = podOf(resources);
    assert.equal(pod.automountServiceAccountToken, false);
    const { name } = pod.volumes.find(({ projected }: Fields) => projected?.sources[0].serviceAccountToken);
    const mounts = ({ volumeMounts }: Fields) =>
      volumeMounts
        .filter((mount: Fields) => mount.name === name)
        .map(({ mountPath, readOnly }: Fields) => [mountPath, readOnly]);
    assert.deepEqual(pod.initContainers.map(mounts), [[["/var/run/secrets/kubernetes.io/serviceaccount", true]]]);
    assert.deepEqual(pod.containers.map(mounts), [[]]);
  });

  it("runs the export by the vendor's Node, which is passed the namespace and where each kind is served", () => {
    const [step] = podOf(resources).initContainers;
    assert.match(step.image, /^docker\.io\/library\/node:24\./);
    assert.deepEqual(step.command.slice(0, 3), ["node", "--input-type=module", "--eval"]);
    const env = Object.fromEntries(step.env.map(({ name, value }: Fields) => [name, value]));
    assert.equal(env.NAMESPACE, "shop");
    assert.deepEqual(JSON.parse(env.KINDS), [
      { kind: "ConfigMap", apiVersion: "v1", resource: "configmaps" },
      { kind: "Deployment", apiVersion: "apps/v1", resource: "deployments" },
      { kind: "Service", apiVersion: "v1", resource: "services" },
    ]);
  });

  it("talks to DNS, the Kubernetes API and S3, where the environment says that they are", async () => {
    assert.deepEqual(portsOf(resources), [53, 53, 443, 6443, 443]);
    const { kubernetes } = environment;
    const apiEgress = [{ cidr: "10.0.0.1/32", port: 8443 }];
    const service = only(objects);
    const elsewhere = await declare(service, { ...environment, kubernetes: { ...kubernetes, apiEgress } });
    assert.deepEqual(portsOf(elsewhere), [53, 53, 8443, 443]);
  });
});

describe("a backup of configuration with Secrets", () => {
  const recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
  const custom = { apiVersion: "shop.example.com/v1", kind: "ShopConfig", resource: "shopconfigs" };
  const objects = configuration("configuration", {
    objects: ["ConfigMap"],
    customResources: [custom],
    secrets: { recipient },
  });

  it("may list them, and custom resources in their group, and is passed the recipient to encrypt to", async () => {
    const resources = await declare(only(objects));
    assert.deepEqual(one(resources, "kubernetes:rbac.authorization.k8s.io/v1:Role").rules.slice(1), [
      { apiGroups: ["shop.example.com"], resources: ["shopconfigs"], verbs: ["list"] },
      { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
    ]);
    const [step] = podOf(resources).initContainers;
    const env = Object.fromEntries(step.env.map(({ name, value }: Fields) => [name, value]));
    assert.equal(env.RECIPIENT, recipient);
    assert.deepEqual(JSON.parse(env.KINDS).at(-1), {
      ...{ kind: "Secret", apiVersion: "v1", resource: "secrets", encrypted: true },
    });
  });

  it("may get those alone that are named, and list none", async () => {
    const resources = await declare(only({ ...objects, secrets: { recipient, names: ["tls"] } }));
    assert.deepEqual(one(resources, "kubernetes:rbac.authorization.k8s.io/v1:Role").rules.at(-1), {
      ...{ apiGroups: [""], resources: ["secrets"], resourceNames: ["tls"], verbs: ["get"] },
    });
  });
});

describe("a restore of configuration", () => {
  const recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
  const objects = configuration("configuration", {
    objects: ["Deployment"],
    secrets: { recipient, names: ["tls"] },
    recoveryNamespace: "shop-recovery",
  });
  let resources: Registered[];
  before(async () => {
    resources = await registered(() => {
      const service = only(objects);
      const bucket = new BackupBucket("backups", { environment, service });
      const [backup] = service.backups as [Backup];
      declareRestore("configuration", { environment, service, datastore: objects, backup, bucket }, bucket);
    });
  });
  const all = (type: string) =>
    resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ inputs }) => inputs as Fields);

  it("may get, create and patch the declared objects, in its namespace and the declared other one, and delete none", () => {
    const roles = all("Role").filter(({ rules }) => rules);
    assert.deepEqual(roles.map(({ metadata }) => metadata.namespace).sort(), ["shop", "shop-recovery"]);
    for (const { rules } of roles) {
      assert.deepEqual(rules, [
        { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "create", "patch"] },
        { apiGroups: [""], resources: ["secrets"], resourceNames: ["tls"], verbs: ["get", "patch"] },
        { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      ]);
    }
    const subjects = [{ kind: "ServiceAccount", name: "shop-config-backup-restore", namespace: "shop" }];
    for (const binding of all("RoleBinding")) assert.deepEqual(binding.subjects, subjects);
  });

  it("is started by a person, who says the namespace's name", () => {
    const [{ spec, metadata }] = all("CronJob") as [Fields];
    assert.equal(spec.suspend, true);
    assert.match(metadata.annotations["upkeep/start"], / CONFIRM=shop /);
  });

  it("has the identity that reads Secrets only while a Secret of the operator's holds it", () => {
    const [{ spec }] = all("CronJob") as [Fields];
    const { initContainers, containers } = spec.jobTemplate.spec.template.spec;
    const identity = ({ env }: Fields) => env.filter(({ name }: Fields) => name === "IDENTITY");
    assert.deepEqual(initContainers.flatMap(identity), []);
    assert.deepEqual(containers.flatMap(identity), [
      {
        name: "IDENTITY",
        valueFrom: { secretKeyRef: { name: "shop-config-backup-identity", key: "identity", optional: true } },
      },
    ]);
  });
});

describe("a backup of Grafana", () => {
  it("gives the token to the export alone, from its Secret, and talks to Grafana and S3", async () => {
    const token = { secret: "grafana-token", key: "token" };
    const dashboards = grafana("configuration", { url: "http://grafana:3000", token });
    const resources = await declare(only(dashboards));
    const { initContainers, containers } = podOf(resources);
    assert.deepEqual(initContainers[0].env.slice(1), [
      { name: "GRAFANA_URL", value: "http://grafana:3000" },
      { name: "GRAFANA_TOKEN", valueFrom: { secretKeyRef: { name: token.secret, key: token.key } } },
    ]);
    assert.doesNotMatch(JSON.stringify(containers), /GRAFANA_TOKEN/);
    const { egress } = one(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy").spec;
    assert.deepEqual(egress[1], { to: [{ podSelector: {} }] });
  });
});
