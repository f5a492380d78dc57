import assert from "node:assert/strict";
import { MaintenanceJob } from "../../components/jobs/maintenanceJob.ts";
import { MaintainedService } from "../../components/service.ts";
import { kindOf } from "../../domain/backup/datastores/kinds.ts";
import { datastoreOf } from "../../domain/declaration/datastoreOf.ts";
import type { JobPods } from "../../domain/declaration/jobPods.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import { environmentOf } from "../support/environment.ts";
import { hardeningFaults } from "../support/hardening.ts";
import { shop } from "../support/shop.ts";
import { refusal } from "./refusal.ts";
import { registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

/** The templates of the pods of all jobs, by the job's name. */
async function templates(service: Service, changes: Record<string, unknown> = {}): Promise<Record<string, Fields>> {
  const environment = environmentOf("prod", changes);
  const found = await registered(() => new MaintainedService("shop", { environment, service }));
  const cronJobs = found.filter(({ type }) => type.endsWith(":CronJob")).map(({ inputs }) => inputs as Fields);
  for (const { spec } of cronJobs) assert.deepEqual(hardeningFaults(spec), []);
  return Object.fromEntries(cronJobs.map(({ metadata, spec }) => [metadata.name, spec.jobTemplate.spec.template]));
}

const containersOf = ({ spec }: Fields): Fields[] => [...spec.initContainers, ...spec.containers];
const changing = (name: string, changes: Partial<Backup>): Service => ({
  ...shop,
  backups: shop.backups.map((backup) => (backup.datastore === name ? { ...backup, ...changes } : backup)),
});

const declared: JobPods = {
  tolerations: [{ key: "dedicated", operator: "Equal", value: "database", effect: "NoSchedule" }],
  nodeSelector: { "kubernetes.io/arch": "amd64" },
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 1,
          podAffinityTerm: { labelSelector: { matchLabels: { app: "web" } }, topologyKey: "kubernetes.io/hostname" },
        },
      ],
    },
  },
  priorityClassName: "maintenance",
  runtimeClassName: "gvisor",
  imagePullSecrets: [{ name: "registry-login" }],
};

describe("the pods of jobs in an environment that declares something about them", () => {
  it("have all of it, every job's", async () => {
    const all = await templates(shop, { jobs: declared });
    assert.equal(Object.keys(all).length, 14);
    for (const [job, { spec }] of Object.entries(all)) {
      const { tolerations, nodeSelector, priorityClassName, runtimeClassName, imagePullSecrets } = spec;
      const { affinity, ...rest } = declared;
      assert.deepEqual({ tolerations, nodeSelector, priorityClassName, runtimeClassName, imagePullSecrets }, rest, job);
      assert.deepEqual(spec.affinity.podAntiAffinity, affinity?.podAntiAffinity, job);
    }
  });

  it("keep the condition that they run on the node of a volume's owner", async () => {
    const term = { labelSelector: { matchLabels: { app: "cache" } }, topologyKey: "topology.kubernetes.io/zone" };
    const podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
    const { features } = environmentOf("prod");
    const all = await templates(shop, {
      jobs: { affinity: { podAffinity } },
      features: { ...features, csiClones: false },
    });
    assert.deepEqual(all["shop-uploads-backup"]?.spec.affinity.podAffinity, {
      requiredDuringSchedulingIgnoredDuringExecution: [
        term,
        { labelSelector: { matchLabels: { app: "shop-web" } }, topologyKey: "kubernetes.io/hostname" },
      ],
    });
    assert.deepEqual(all["shop-orders-backup"]?.spec.affinity.podAffinity, podAffinity);
  });

  it("have its labels and annotations besides Upkeep's own", async () => {
    const jobs = { labels: { "sidecar.istio.io/inject": "false" }, annotations: { "linkerd.io/inject": "disabled" } };
    const { metadata } = (await templates(shop, { jobs }))["shop-orders-backup"] as Fields;
    assert.deepEqual(metadata.labels, {
      "sidecar.istio.io/inject": "false",
      "app.kubernetes.io/managed-by": "upkeep",
      "app.kubernetes.io/part-of": "shop",
      "upkeep/job": "shop-orders-backup",
      "upkeep/datastore": "orders",
    });
    assert.deepEqual(metadata.annotations, {
      "linkerd.io/inject": "disabled",
      "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
      "karpenter.sh/do-not-disrupt": "true",
    });
  });

  it("have no numeric user where the cluster assigns them, save a declared one", async () => {
    const [database] = shop.datastores;
    const service = { ...shop, datastores: [{ ...database, runAsUser: 70 }, ...shop.datastores.slice(1)] } as Service;
    const all = await templates(service, { jobs: { users: "none" } });
    const users = Object.entries(all).flatMap(([job, template]) => {
      const { runAsUser, runAsGroup, fsGroup, runAsNonRoot } = template.spec.securityContext;
      assert.equal(runAsNonRoot, true, job);
      assert.equal(template.metadata.annotations["upkeep/users"], "none", job);
      const own = containersOf(template).flatMap(({ name, securityContext }) =>
        "runAsUser" in securityContext ? [[`${job}/${name}`, securityContext.runAsUser]] : [],
      );
      const ofPod = [runAsUser, runAsGroup, fsGroup].some((one) => one !== undefined);
      return [...own, ...(ofPod ? [[job, runAsUser, runAsGroup, fsGroup]] : [])];
    });
    assert.deepEqual(users.sort(), [
      ["shop-orders-backup-restore/before-restore", 70],
      ["shop-orders-backup-restore/restore", 70],
      ["shop-orders-backup/dump", 70],
      ["shop-orders-backup/verify", 70],
      ["shop-orders-drill/drill", 70],
      ["shop-uploads-backup-restore", undefined, undefined, 1000],
      ["shop-uploads-backup-restore/restore", 1000],
      ["shop-uploads-backup/backup", 1000],
      ["shop-uploads-drill/drill", 1000],
    ]);
  });

  it("have its CPU in each container, and its memory in the steps that it names", async () => {
    const resources = { requests: { cpu: "250m" }, limits: { cpu: "2" } };
    const all = await templates(shop, { jobs: { resources, memory: { dump: "3Gi" } } });
    for (const container of Object.values(all).flatMap(containersOf)) {
      assert.equal(container.resources.requests.cpu, "250m");
      assert.equal(container.resources.limits.cpu, "2");
    }
    const [dump, verify] = containersOf(all["shop-orders-backup"] as Fields).map((one) => one.resources);
    assert.deepEqual([dump.requests.memory, dump.limits.memory], ["3Gi", "3Gi"]);
    assert.deepEqual([verify.requests.memory, verify.limits.memory], ["256Mi", "256Mi"]);
  });
});

describe("the pods of a service's jobs", () => {
  const priorities = (all: Record<string, Fields>) =>
    Object.fromEntries(Object.entries(all).map(([job, { spec }]) => [job, spec.priorityClassName]));

  it("have what the service declares over the environment, and its backup over the service", async () => {
    const service = {
      ...changing("orders", { jobs: { priorityClassName: "database", nodeSelector: { pool: "database" } } }),
      jobs: { priorityClassName: "shop", nodeSelector: { "kubernetes.io/arch": "arm64" } },
    };
    const all = await templates(service, { jobs: { ...declared, priorityClassName: "all" } });
    const ofDatabase = ["shop-orders-backup", "shop-orders-backup-restore", "shop-orders-drill"];
    for (const [job, name] of Object.entries(priorities(all))) {
      assert.equal(name, ofDatabase.includes(job) ? "database" : "shop", job);
    }
    assert.deepEqual(all["shop-orders-drill"]?.spec.nodeSelector, { "kubernetes.io/arch": "arm64", pool: "database" });
    assert.deepEqual(all["shop-orders-drill"]?.spec.tolerations, declared.tolerations);
  });

  it("have the steps by whose names their memory is declared", async () => {
    const all = await templates(shop);
    for (const backup of shop.backups) {
      const datastore = datastoreOf(shop, backup);
      assert.ok(datastore);
      const { steps } = kindOf(datastore);
      const jobs = { backup: backup.job, restore: `${backup.job}-restore`, drill: backup.drill?.job ?? "" };
      for (const [job, name] of Object.entries(jobs)) {
        const template = all[name];
        const rendered = template ? containersOf(template).map((one) => one.name) : [];
        assert.deepEqual(rendered, steps[job as keyof typeof steps], name);
      }
    }
    assert.deepEqual(
      containersOf(all["shop-health-monitor"] as Fields).map(({ name }) => name),
      ["monitor"],
    );
    assert.deepEqual(
      containersOf(all["shop-alert-test"] as Fields).map(({ name }) => name),
      ["test-alert"],
    );
  });
});

describe("the scratch volume of a backup with a StorageClass", () => {
  it("is of that class in its drill and its restore too", async () => {
    const all = await templates(changing("orders", { scratchClass: "gp3" }));
    const sizes = { "shop-orders-drill": "42Gi", "shop-orders-backup-restore": "20Gi" };
    for (const [job, storage] of Object.entries(sizes)) {
      const { volumes, securityContext } = (all[job] as Fields).spec;
      assert.deepEqual(volumes[0], {
        name: "scratch",
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ["ReadWriteOnce"], storageClassName: "gp3", resources: { requests: { storage } } },
          },
        },
      });
      // The kubelet gives a new volume to root; the group lets every step write to it.
      assert.ok(securityContext.fsGroup > 0, job);
    }
  });
});

describe("a datastore's own image", () => {
  it("runs every step of its backup, drill and restore that uses its programs, as its user", async () => {
    const image = "pgvector/pgvector:0.8.1-pg17-trixie";
    const [database, ...others] = shop.datastores;
    const service = { ...shop, datastores: [{ ...database, image, runAsUser: 70 }, ...others] } as Service;
    const all = await templates(service);
    const own = Object.entries(all).flatMap(([job, template]) =>
      containersOf(template).flatMap((one) =>
        one.image === `docker.io/${image}` ? [[job, one.name, one.securityContext.runAsUser]] : [],
      ),
    );
    assert.deepEqual(own.sort(), [
      ["shop-orders-backup", "dump", 70],
      ["shop-orders-backup", "verify", 70],
      ["shop-orders-backup-restore", "before-restore", 70],
      ["shop-orders-backup-restore", "restore", 70],
      ["shop-orders-drill", "drill", 70],
    ]);
    assert.doesNotMatch(JSON.stringify(all), /library\/postgres/);
  });
});

describe("a datastore's declared networks", () => {
  it("are what every job that connects to it may reach on its port", async () => {
    const network = ["10.20.0.0/16", "fd00:20::/32"];
    const host = "shop.abc123.eu-central-1.rds.amazonaws.com";
    const [database, ...others] = shop.datastores;
    const service = { ...shop, datastores: [{ ...database, host, network }, ...others] } as Service;
    const environment = environmentOf("prod");
    const found = await registered(() => new MaintainedService("shop", { environment, service }));
    const rule = {
      to: network.map((cidr) => ({ ipBlock: { cidr } })),
      ports: [{ protocol: "TCP", port: 5432 }],
    };
    const connecting = found
      .filter(({ type }) => type.endsWith(":NetworkPolicy"))
      .map(({ inputs }) => inputs as Fields)
      .filter(({ spec }) =>
        spec.egress.some(({ ports = [] }: Fields) => ports.some((one: Fields) => one.port === 5432)),
      );
    assert.deepEqual(connecting.map(({ metadata }) => metadata.name).sort(), [
      "shop-health-monitor",
      "shop-orders-backup",
      "shop-orders-backup-restore",
    ]);
    for (const { spec } of connecting) {
      const rules = spec.egress.filter(({ ports = [] }: Fields) => ports.some((one: Fields) => one.port === 5432));
      assert.deepEqual(rules, [rule]);
    }
  });

  it("are no part of what the monitor is asked to check", async () => {
    const [database, ...others] = shop.datastores;
    const service = { ...shop, datastores: [{ ...database, network: ["10.0.0.0/8"] }, ...others] } as Service;
    assert.doesNotMatch(JSON.stringify((await templates(service))["shop-health-monitor"]), /10\.0\.0\.0/);
  });
});

describe("a maintenance job alone", () => {
  it("is refused with pods that cannot be", async () => {
    const job = {
      environment: environmentOf("prod"),
      service: "shop",
      namespace: "shop",
      job: "reindex",
      schedule: "0 3 * * *",
      startingDeadline: "5m",
      deadline: "10m",
      steps: [],
      scratch: "1Mi" as const,
      egress: [],
    };
    const { faults } = await refusal(
      () => new MaintenanceJob("a", { ...job, jobs: { resources: { limits: { cpu: "50m" } } } }),
    );
    assert.deepEqual(
      faults.map(({ code, path }) => [code, path]),
      [["cpu-limit-below-request", "jobs.resources.limits.cpu"]],
    );
  });
});
