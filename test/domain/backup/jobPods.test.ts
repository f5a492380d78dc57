import assert from "node:assert/strict";
import { servicePodsFaults } from "../../../domain/backup/jobPods.ts";
import type { JobPods } from "../../../domain/declaration/jobPods.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const prod = environmentOf("prod");
const faults = (service: Service, jobs?: JobPods) =>
  refused(servicePodsFaults(service, { ...prod, ...(jobs && { jobs }) }));
const ofBackup = (service: Service, jobs: JobPods): Service => ({
  ...service,
  backups: service.backups.map((backup) => ({ ...backup, jobs })),
});

describe("what a service declares about the pods of its jobs", () => {
  it("names steps that its jobs have", () => {
    const database = keeping(shop, "orders");
    assert.deepEqual(
      faults({ ...database, jobs: { memory: { dump: "1Gi", monitor: "1Gi", "test-alert": "1Gi" } } }),
      [],
    );
    assert.deepEqual(faults({ ...database, jobs: { memory: { export: "1Gi" } } }), [
      ["memory-of-no-step", "jobs.memory.export"],
    ]);
    const { monitor: _, ...unmonitored } = database;
    assert.deepEqual(faults({ ...unmonitored, jobs: { memory: { monitor: "1Gi" } } }), [
      ["memory-of-no-step", "jobs.memory.monitor"],
    ]);
  });

  it("names steps of the backup's own jobs, its drill's only if it has one", () => {
    const database = keeping(shop, "orders");
    assert.deepEqual(faults(ofBackup(database, { memory: { dump: "1Gi", drill: "2Gi", keep: "1Gi" } })), []);
    assert.deepEqual(faults(ofBackup(database, { memory: { monitor: "1Gi" } })), [
      ["memory-of-no-step", "backups[0].jobs.memory.monitor"],
    ]);
    const { drill: _, ...undrilled } = database.backups[0] as Service["backups"][number];
    const service = { ...database, backups: [{ ...undrilled, jobs: { memory: { record: "1Gi" as const } } }] };
    assert.deepEqual(faults(service), [["memory-of-no-step", "backups[0].jobs.memory.record"]]);
  });

  it("limits CPU no lower than each container requests, whoever declares which", () => {
    const database = keeping(shop, "orders");
    const limit = (cpu: string): JobPods => ({ resources: { limits: { cpu } } });
    assert.deepEqual(faults(database, limit("100m")), []);
    assert.deepEqual(faults(database, limit("0.1")), []);
    assert.deepEqual(faults(database, limit("99m")), [["cpu-limit-below-request", "jobs.resources.limits.cpu"]]);
    assert.deepEqual(faults({ ...database, jobs: { resources: { requests: { cpu: "2" } } } }, limit("1")), [
      ["cpu-limit-below-request", "jobs.resources.limits.cpu"],
    ]);
    assert.deepEqual(faults(ofBackup(database, limit("50m")), { resources: { requests: { cpu: "50m" } } }), []);
    assert.deepEqual(faults(ofBackup(database, limit("50m"))), [
      ["cpu-limit-below-request", "backups[0].jobs.resources.limits.cpu"],
    ]);
  });
});
