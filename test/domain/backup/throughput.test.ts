import assert from "node:assert/strict";
import { serviceFaults } from "../../../domain/backup/promises.ts";
import { isDumped, throughputFaults } from "../../../domain/backup/throughput.ts";
import { type Datastore, postgres, redis, secret, volume } from "../../../domain/declaration/datastore.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { refuseFaults } from "../../../domain/values/fault.ts";
import type { Size } from "../../../domain/values/size.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { database } from "../../support/database.ts";

const [declared] = database.backups as [Backup];

/** The database's faults at a size and a throughput, as a person reads them, without their first line. */
function refusal(datastore: Datastore, changes: Partial<Backup> = {}): string[] {
  const service: Service = { ...database, datastores: [datastore], backups: [{ ...declared, ...changes }] };
  try {
    refuseFaults("service", serviceFaults(service));
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
  return [];
}

const facts = { host: "postgresql", version: 17, database: "orders", credentials: secret("c") } as const;
const sized = (size: Size, throughput?: Size) =>
  postgres("main", { ...facts, size: guide(size), ...(throughput && { throughput: guide(throughput) }) });

describe("a datastore's size over its throughput", () => {
  it("must be less than the backup's deadline, with the arithmetic", () => {
    assert.deepEqual(refusal(sized("80Gi", "32Mi")), []);
    assert.deepEqual(refusal(sized("90Gi", "32Mi")), [
      '- backups[0].deadline is 45m, and a dump of "main" takes 48m (90Gi at 32Mi a second); allowed: more than 48m. Fix: lengthen it, declare a throughput that was measured, or declare continuous recovery (docs/continuous.md)',
    ]);
  });

  it("is refused at exactly the deadline, and taken a second below", () => {
    assert.equal(refusal(sized("2700Mi", "1Mi"), { deadline: "2700s" }).length, 1);
    assert.deepEqual(refusal(sized("2699Mi", "1Mi"), { deadline: "2700s" }), []);
  });

  it("is assumed where nobody measured it, and says so", () => {
    assert.deepEqual(sized("20Gi").throughput, assumed("32Mi"));
    assert.equal(refusal(sized("90Gi")).length, 1);
  });

  it("counts for Redis too, which knows no continuous recovery", () => {
    const cache = redis("main", { host: "redis", size: assumed("90Gi") });
    assert.match(refusal(cache).join(), /takes 48m .*Fix: lengthen it, declare a throughput that was measured$/);
  });

  it("is refused where one of the two is no size", () => {
    assert.deepEqual(refusal(sized("20Gi", "32MB" as Size)), [
      '- datastores "main" throughput is "32MB"; allowed: a whole number above 0 with a unit Ki, Mi, Gi or Ti. Fix: write for example "20Gi"',
    ]);
    assert.match(refusal(sized("20G" as Size)).join(), /datastores "main" size is "20G"/);
  });

  it("is not compared with a deadline that cannot be read", () => {
    assert.deepEqual(throughputFaults(sized("90Gi"), { ...declared, deadline: "soon" as Duration }, "backups[0]"), []);
  });

  it("says nothing of a datastore that no run takes as a whole", () => {
    const files = volume("main", {
      claim: "files",
      size: assumed("90Gi"),
      throughput: assumed("1Mi"),
      uid: 1,
      gid: 1,
      from: { owner: { app: "files" } },
    });
    assert.equal(isDumped(files), false);
    assert.deepEqual(throughputFaults(files, declared, "backups[0]"), []);
  });
});

describe("the scratch space of a backup", () => {
  const fast = "10Gi";

  it("lies on the node's own disk up to 100Gi", () => assert.deepEqual(refusal(sized("100Gi", fast)), []));

  it("is refused there above, and wants a volume of its own", () => {
    assert.deepEqual(refusal(sized("101Gi", fast)), [
      '- backups[0].scratchClass is missing; allowed: a StorageClass: "main" is 101Gi, and a run may write 100Gi on its node\'s own disk at the most. Fix: name a StorageClass of which each run gets a volume of its own, or declare continuous recovery (docs/continuous.md)',
    ]);
    assert.deepEqual(refusal(sized("101Gi", fast), { scratchClass: "gp3" }), []);
  });

  it("is refused on what cannot be a StorageClass", () => {
    assert.match(refusal(sized("1Gi"), { scratchClass: "GP 3" }).join(), /scratchClass is "GP 3"; allowed: the name/);
  });
});
