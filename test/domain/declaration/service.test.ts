import assert from "node:assert/strict";
import { alert, backup, defineService } from "../../../domain/declaration/service.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { shop } from "../../support/shop.ts";

describe("a service's declaration", () => {
  it("is the service itself", () => assert.equal(defineService(shop), shop));

  it("holds backups, each of a datastore", () => {
    const facts = {
      schedule: assumed("0 2 * * *"),
      job: "orders-backup",
      keep: { daily: assumed("30d" as const) },
      prefix: "database/",
      startingDeadline: "30m",
      deadline: "45m",
    } as const;
    assert.deepEqual(backup("orders", facts), { datastore: "orders", ...facts });
  });

  it("holds alerts, each by its page's name", () => {
    const facts = {
      expr: "up == 0",
      for: assumed("5m" as const),
      severity: "warning",
      threshold: assumed("none"),
      summary: "It is down",
      description: "No target answers.",
    } as const;
    assert.deepEqual(alert("ServiceDown", facts), { name: "ServiceDown", ...facts });
  });
});
