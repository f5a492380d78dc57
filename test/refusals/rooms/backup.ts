import { backupFaults, backupFaultsIn } from "../../../domain/backup/backupFaults.ts";
import { continuousFaults } from "../../../domain/backup/continuousAlerts.ts";
import { rareDrills, uncoveredDatastores, undeclaredLists, undrilledBackups } from "../../../domain/backup/coverage.ts";
import {
  databaseClusterFaults,
  databaseWorkloadFaults,
  managedDatabaseFaults,
} from "../../../domain/backup/databases.ts";
import { drillFaults } from "../../../domain/backup/drill.ts";
import { servicePodsFaults } from "../../../domain/backup/jobPods.ts";
import { serviceFaults } from "../../../domain/backup/promises.ts";
import { type BackupCronJob, recoveryPointFaults } from "../../../domain/backup/recoveryPoint.ts";
import { retentionFaults } from "../../../domain/backup/retentionFaults.ts";
import { scriptFaults } from "../../../domain/backup/script.ts";
import { rds } from "../../../domain/declaration/continuous.ts";
import type { Datastore } from "../../../domain/declaration/datastore.ts";
import type { Drill } from "../../../domain/declaration/drill.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { backupCronJob } from "../../policies/manifests.ts";
import { environmentOf } from "../../support/environment.ts";
import { keeping, shop } from "../../support/shop.ts";
import type { Example, Room } from "../room.ts";

/** The shop with one datastore, that one and its backup changed. */
function changed(name: string, datastore: object, backup: object = {}): Service {
  const only = keeping(shop, name);
  return {
    ...only,
    datastores: only.datastores.map((one) => ({ ...one, ...datastore }) as Datastore),
    backups: only.backups.map((one) => ({ ...one, ...backup }) as Backup),
  };
}

const facts = (code: string, name: string, datastore: object, backup: object = {}): Example => ({
  code,
  faults: () => backupFaults(changed(name, datastore, backup)),
});
const backup = (code: string, changes: object): Example => facts(code, "orders", {}, changes);
const orders = keeping(shop, "orders");
const [declared] = orders.backups as [Backup];
const drilling = (code: string, name: string, changes: Partial<Drill>): Example => ({
  code,
  faults: () => drillFaults(changed(name, {}, { drill: { ...declared.drill, ...changes } })),
});
const stored = (code: string, storageClass: object): Example => ({
  code,
  faults: () =>
    retentionFaults(changed("orders", {}, { keep: { monthly: assumed("365d") }, drill: undefined, storageClass })),
});
const promising = (code: string, recoveryPoint: "24h" | "25h" | "26h", changes: object = {}): Example => ({
  code,
  faults: () => {
    const service = changed("orders", {}, changes);
    return serviceFaults({ ...service, objectives: { ...shop.objectives, recoveryPoint: assumed(recoveryPoint) } });
  },
});

const cronJob: BackupCronJob = backupCronJob();
const spec = (code: string, changes: object): Example => ({
  code,
  faults: () => recoveryPointFaults({ ...cronJob, spec: { ...cronJob.spec, ...changes } }),
});
const jobSpec = (code: string, changes: object): Example =>
  spec(code, { jobTemplate: { spec: { ...cronJob.spec?.jobTemplate?.spec, ...changes } } });
const annotated = (code: string, annotations: object): Example => ({
  code,
  faults: () => {
    const all = { ...cronJob.metadata?.annotations, ...annotations };
    return recoveryPointFaults({ ...cronJob, metadata: { ...cronJob.metadata, annotations: all } });
  },
});

export const room: Room = {
  title: "Backups (domain/backup)",
  sources: ["domain/backup/**/*.ts"],
  examples: [
    {
      code: "overlapping-prefixes",
      faults: () => {
        const two = keeping(shop, "orders", "cache");
        return backupFaults({ ...two, backups: two.backups.map((one) => ({ ...one, prefix: "database/" })) });
      },
    },
    ...(
      [
        ["script-continues-after-failure", "pg_dump --file=a a; aws s3 cp a s3://b/"],
        ["pipe-hides-failure", "pg_dump a | gzip > b"],
        ["failure-ignored", "pg_dump --file=a a || true"],
      ] as const
    ).map(([code, script]) => ({
      code,
      faults: () => scriptFaults({ containers: [{ name: "dump", command: ["bash", "-c", script] }] }),
    })),
    { code: "missing-list", faults: () => undeclaredLists({ datastores: [] }) },
    {
      code: "datastore-kind-unknown",
      faults: () => uncoveredDatastores({ datastores: [{ kind: "mysql", name: "main" } as never], backups: [] }),
    },
    {
      code: "drill-too-rare",
      faults: () => rareDrills(changed("orders", {}, { drill: { ...declared.drill, schedule: guide("0 4 1 */6 *") } })),
    },
    { code: "datastore-without-backup", faults: () => uncoveredDatastores({ ...orders, backups: [] }) },
    {
      code: "datastore-without-backup",
      faults: () => uncoveredDatastores({ ...keeping(shop, "cache"), backups: [] }),
    },
    {
      code: "database-without-backup",
      faults: () =>
        databaseWorkloadFaults(
          { spec: { volumeClaimTemplates: [{}] } },
          { containers: [{ name: "postgres", image: "postgres:17.6" }] },
        ),
    },
    { code: "cluster-without-backup", faults: () => databaseClusterFaults({}) },
    {
      code: "automated-backups-off",
      faults: () => managedDatabaseFaults("rds.Instance", { backupRetentionPeriod: 0 }),
    },
    { code: "backup-without-drill", faults: () => undrilledBackups(changed("orders", {}, { drill: undefined })) },
    facts("deadline-shorter-than-backup", "uploads", { size: assumed("200Gi") }),
    facts("deadline-shorter-than-backup", "orders", { size: assumed("90Gi") }, { scratchClass: "gp3" }),
    facts("deadline-shorter-than-backup", "cache", { size: assumed("90Gi") }, { scratchClass: "gp3" }),
    {
      code: "cluster-without-clones",
      faults: () => backupFaultsIn(changed("uploads", { from: { cloneClass: "gp3" } }), environmentOf("staging")),
    },
    drilling("kind-without-drill", "dashboards", {}),
    drilling("sql-for-another-kind", "cache", { freshness: "SELECT now()" }),
    {
      code: "unknown-datastore",
      faults: () =>
        serviceFaults({
          ...orders,
          backups: [declared, { ...declared, datastore: "index", job: "other", prefix: "other/" }],
        }),
    },
    { code: "unknown-datastore", faults: () => serviceFaults({ ...orders, datastores: [] }) },
    promising("recovery-point-missed", "24h"),
    promising("recovery-point-missed", "26h", { survives: 1 }),
    jobSpec("recovery-point-missed", { activeDeadlineSeconds: 7200 }),
    promising("alert-after-recovery-point", "26h", { deadline: "85m" }),
    {
      code: "alert-after-recovery-point",
      faults: () =>
        continuousFaults(changed("orders", { continuous: rds({ age: "age{$scope}", within: guide("26h") }) })),
    },
    promising("secondary-without-continuous", "26h", { secondary: assumed("26h") }),
    {
      code: "drills-too-rare",
      faults: () =>
        retentionFaults(changed("orders", {}, { drill: { ...declared.drill, schedule: assumed("0 4 1 * *") } })),
    },
    stored("storage-class-without-tier", { weekly: "GLACIER_IR" }),
    stored("retrieval-too-slow", { monthly: "GLACIER" }),
    backup("tier-kept-too-short", { keep: { daily: guide("1d") } }),
    annotated("duration-unreadable", { "upkeep/recovery-point": "a day" }),
    facts("scratch-too-large-for-node", "orders", { size: assumed("101Gi"), throughput: assumed("1Gi") }),
    facts("scratch-too-large-for-node", "orders", { size: assumed("60Gi"), throughput: assumed("1Gi") }),
    facts("scratch-class-without-use", "dashboards", {}, { scratchClass: "gp3" }),
    {
      code: "memory-of-no-step",
      faults: () =>
        servicePodsFaults(changed("orders", {}, { jobs: { memory: { monitor: "1Gi" } } }), environmentOf("prod")),
    },
    annotated("size-unreadable", { "upkeep/scratch": "257MB" }),
    annotated("scratch-volume-too-small", { "upkeep/scratch": "257Mi" }),
    {
      code: "ephemeral-limit-too-low",
      faults: () => {
        const pod = structuredClone(cronJob.spec?.jobTemplate?.spec?.template?.spec);
        for (const one of pod?.containers ?? []) one.resources = { limits: { "ephemeral-storage": "256Mi" } };
        const jobTemplate = { spec: { ...cronJob.spec?.jobTemplate?.spec, template: { spec: pod } } };
        const annotations = { ...cronJob.metadata?.annotations, "upkeep/scratch": "256Mi" };
        return recoveryPointFaults({
          metadata: { ...cronJob.metadata, annotations },
          spec: { ...cronJob.spec, jobTemplate },
        } as BackupCronJob);
      },
    },
    {
      code: "missing-recovery-point",
      faults: () => recoveryPointFaults({ metadata: { labels: { "upkeep/datastore": "orders" } } }),
    },
    annotated("malformed-survives", { "upkeep/survives": "one" }),
    spec("schedule-unreadable", { schedule: "@every 1h" }),
    spec("suspended-backup", { suspend: true }),
    spec("time-zone-not-utc", { timeZone: "Europe/Berlin" }),
    {
      code: "run-ended-by-next",
      faults: () =>
        recoveryPointFaults({
          metadata: { annotations: { "upkeep/recovery-point": "4d" } },
          spec: {
            ...cronJob.spec,
            concurrencyPolicy: "Replace",
            jobTemplate: { spec: { ...cronJob.spec?.jobTemplate?.spec, activeDeadlineSeconds: 86_400 } },
          },
        }),
    },
    spec("no-time-limit", { startingDeadlineSeconds: undefined }),
    jobSpec("no-time-limit", { activeDeadlineSeconds: undefined }),
  ],
};
