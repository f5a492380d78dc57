import assert from "node:assert/strict";
import { kindOf } from "../../../domain/backup/datastores/kinds.ts";
import { LOG, podScratchFaults, SCRATCH, scratchFaults, TMP } from "../../../domain/backup/scratch.ts";
import { type Datastore, grafana, postgres, redis, secret } from "../../../domain/declaration/datastore.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import type { PodSpec } from "../../../domain/kubernetes/podSpec.ts";
import type { Size } from "../../../domain/values/size.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { refused } from "../../support/refused.ts";
import { shop } from "../../support/shop.ts";

const [declared] = shop.backups as [Backup];
const credentials = secret("c");
const sized = (size: Size) =>
  postgres("main", { host: "postgresql", version: 17, database: "orders", credentials, size: assumed(size) });
const dashboards = grafana("dashboards", { url: "http://grafana:3000", token: { secret: "grafana", key: "token" } });

describe("the scratch space that a run needs", () => {
  it("is as large as what is dumped, and none where nothing is", () => {
    const scratchOf = (datastore: Datastore) => kindOf(datastore).scratch(datastore);
    assert.equal(scratchOf(sized("20Gi"))?.backup, "20Gi");
    const cache = scratchOf(redis("cache", { host: "redis", size: assumed("2Gi") }));
    assert.deepEqual(cache, { backup: "2Gi", drill: "2Gi", restore: "4Gi" });
    assert.equal(scratchOf(dashboards), undefined);
  });

  it("has a little beside it, for what steps share and for the log", () =>
    assert.deepEqual([TMP, LOG], ["64Mi", "256Mi"]));

  it("is an annotation of the CronJob", () => assert.equal(SCRATCH, "upkeep/scratch"));
});

describe("a backup's StorageClass of scratch space", () => {
  const { drill: _, ...undrilled } = declared;
  const found = (datastore: Datastore, scratchClass?: string, backup: Backup = declared) =>
    scratchFaults(datastore, { ...backup, ...(scratchClass !== undefined && { scratchClass }) }, "backups[0]");
  const faults = (...args: Parameters<typeof found>) => refused(found(...args));
  const tooLarge = [["scratch-too-large-for-node", "backups[0].scratchClass"]];

  it("may be missing while the backup, its drill and its restore write at most 100Gi, and where there is no size", () => {
    // The drill holds the dump and the restored database.
    assert.deepEqual(faults(sized("49Gi")), []);
    assert.deepEqual(faults(sized("50Gi"), undefined, undrilled), []);
    assert.deepEqual(faults(dashboards), []);
  });

  it("is required for a drill or a restore alone, each with what it needs", () => {
    assert.deepEqual(faults(sized("50177Mi")), tooLarge);
    assert.deepEqual(faults(sized("51201Mi"), undefined, undrilled), tooLarge);
    const cache = (size: Size) => redis("cache", { host: "redis", size: assumed(size) });
    assert.deepEqual(faults(cache("50Gi")), []);
    assert.match(found(cache("60Gi"))[0]?.allowed ?? "", /for "cache" its restore needs 120Gi, and/);
    assert.match(
      found(sized("200Gi"))[0]?.allowed ?? "",
      /its backup needs 400Gi, its drill needs 602Gi, its restore needs 400Gi/,
    );
  });

  it("allows any size", () => {
    for (const scratchClass of ["gp3", "g", "local.ssd-2"]) assert.deepEqual(faults(sized("1Ti"), scratchClass), []);
  });

  it("is refused for what needs little space at any size", () =>
    assert.deepEqual(faults(dashboards, "gp3"), [["scratch-class-without-use", "backups[0].scratchClass"]]));
});

describe("the pod of a backup that says what space it needs", () => {
  const at = "spec.jobTemplate.spec.template.spec";
  const scratch = (sizeLimit?: string) => ({ name: "scratch", emptyDir: { ...(sizeLimit && { sizeLimit }) } });
  const tmp = { name: "tmp", emptyDir: { sizeLimit: "64Mi" } };
  const container = (limit?: string) => ({
    name: "dump",
    resources: { limits: { ...(limit && { "ephemeral-storage": limit }) } },
  });
  const pod = (limit: string | undefined, ...volumes: object[]) =>
    ({ containers: [container(limit)], volumes }) as unknown as PodSpec;
  const volumeFault = [["scratch-volume-too-small", `${at}.volumes[name=scratch]`]];
  const limitFault = [["ephemeral-limit-too-low", `${at}.containers[name=dump].resources.limits.ephemeral-storage`]];
  const podFaults = (...args: Parameters<typeof podScratchFaults>) => refused(podScratchFaults(...args));

  it("has a volume of that size, and may write all its volumes and its log", () => {
    assert.deepEqual(podFaults(pod("20800Mi", tmp, scratch("20Gi")), "20Gi"), []);
  });

  it("is refused with a smaller volume, one without a size, and none", () => {
    assert.deepEqual(podFaults(pod("1Ti", scratch("20479Mi")), "20Gi"), volumeFault);
    assert.deepEqual(podFaults(pod("1Ti", scratch("large")), "20Gi"), volumeFault);
    assert.deepEqual(podFaults(pod("1Ti", scratch()), "20Gi"), volumeFault);
    assert.deepEqual(podFaults(pod("1Ti", tmp), "1Mi"), volumeFault);
    assert.deepEqual(podFaults({ containers: [] }, "1Mi"), volumeFault);
  });

  it("is refused with a limit at which it would be evicted", () => {
    const judged = (limit?: string) => podScratchFaults(pod(limit, tmp, scratch("20Gi")), "20Gi");
    for (const limit of ["20799Mi", "much", undefined]) assert.deepEqual(refused(judged(limit)), limitFault);
    assert.match(judged()[0]?.allowed ?? "", /^20800Mi /);
    const { resources: _, ...unlimited } = container();
    for (const one of [unlimited, { ...unlimited, resources: {} }]) {
      const found = podFaults({ containers: [one], volumes: [scratch("20Gi")] } as unknown as PodSpec, "20Gi");
      assert.deepEqual(found, limitFault);
    }
  });

  it("may have a volume of its own, which no limit counts", () => {
    const claimed = (storage?: string) => ({
      name: "scratch",
      ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { ...(storage && { storage }) } } } } },
    });
    assert.deepEqual(podFaults(pod("320Mi", claimed("200Gi"), tmp), "200Gi"), []);
    assert.deepEqual(podFaults(pod("320Mi", claimed("199Gi"), tmp), "200Gi"), volumeFault);
    for (const ephemeral of [
      {},
      { volumeClaimTemplate: {} },
      { volumeClaimTemplate: { spec: {} } },
      { volumeClaimTemplate: { spec: { resources: {} } } },
      claimed().ephemeral,
    ]) {
      const found = podFaults(pod("320Mi", { name: "scratch", ephemeral }, tmp), "200Gi");
      assert.deepEqual(found, volumeFault);
    }
  });

  it("is counted without volumes whose size cannot be read, or that are elsewhere", () => {
    const others = [
      { name: "a", emptyDir: { sizeLimit: "large" } },
      { name: "b", configMap: {} },
    ];
    assert.deepEqual(podFaults(pod("1280Mi", scratch("1Gi"), ...others), "1Gi"), []);
  });
});
