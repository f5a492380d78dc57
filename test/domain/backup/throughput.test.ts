import assert from "node:assert/strict";
import { serviceFaults } from "../../../domain/backup/promises.ts";
import { throughputFaults } from "../../../domain/backup/throughput.ts";
import { type Datastore, grafana, postgres, redis, secret } from "../../../domain/declaration/datastore.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import type { Size } from "../../../domain/values/size.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const orders = keeping(shop, "orders");
const [declared] = orders.backups as [Backup];

/** The database's faults at a size and a throughput. */
function faults(datastore: Datastore, changes: Partial<Backup> = {}): Fault[] {
  return serviceFaults({
    ...orders,
    datastores: [datastore],
    backups: [{ ...declared, scratchClass: "gp3", ...changes }],
  });
}

const refusal = (...args: Parameters<typeof faults>) => refused(faults(...args));
const tooShort = [["deadline-shorter-than-backup", "backups[0].deadline"]];

const facts = { host: "postgresql", version: 17, database: "orders", credentials: secret("c") } as const;
const sized = (size: Size, throughput?: Size) =>
  postgres("orders", { ...facts, size: guide(size), ...(throughput && { throughput: guide(throughput) }) });

describe("a datastore's size over its throughput", () => {
  it("must be less than the backup's deadline, with the arithmetic", () => {
    assert.deepEqual(refusal(sized("80Gi", "32Mi")), []);
    const [large] = faults(sized("90Gi", "32Mi"));
    assert.deepEqual(refusal(sized("90Gi", "32Mi")), tooShort);
    assert.match(large?.got ?? "", /^45m, .* 48m \(90Gi at 32Mi a second\)$/);
  });

  it("is refused at exactly the deadline, and taken a second below", () => {
    assert.deepEqual(refusal(sized("2700Mi", "1Mi"), { deadline: "2700s" }), tooShort);
    assert.deepEqual(refusal(sized("2699Mi", "1Mi"), { deadline: "2700s" }), []);
  });

  it("is assumed where it was not measured, and says so", () => {
    assert.deepEqual(sized("20Gi").throughput, assumed("32Mi"));
    assert.deepEqual(refusal(sized("90Gi")), tooShort);
  });

  it("counts for Redis too, which knows no continuous recovery", () => {
    const cache = redis("orders", { host: "redis", size: assumed("90Gi") });
    assert.deepEqual(refusal(cache), tooShort);
    assert.doesNotMatch(faults(cache)[0]?.fix ?? "", /continuous/);
    assert.match(faults(sized("90Gi"))[0]?.fix ?? "", /continuous/);
  });

  it("is not asked of a datastore without a size", () => {
    const dashboards = grafana("orders", { url: "http://grafana:3000", token: { secret: "grafana", key: "token" } });
    assert.deepEqual(throughputFaults(dashboards, declared, "backups[0]"), []);
  });
});
