import assert from "node:assert/strict";
import { dashboardUid } from "../../../domain/prometheus/dashboardUid.ts";

describe("the uid of a dashboard", () => {
  it("is service and environment", () => assert.equal(dashboardUid("shop", "prod"), "shop_prod"));

  it("has at most 40 characters that Grafana accepts, stays, and differs for each service and environment", () => {
    const long = "a".repeat(50);
    const names: [string, string][] = [
      ["shop", "eu.prod"],
      ["shop", "eu-prod"],
      ["shop-eu", "prod"],
      [long, "prod"],
      [long, "staging"],
      [`${long}b`, "prod"],
      ["a".repeat(35), "prod"],
      ["a".repeat(36), "prod"],
    ];
    const uids = names.map(([service, environment]) => dashboardUid(service, environment));
    assert.equal(new Set(uids).size, names.length);
    for (const uid of uids) assert.match(uid, /^[\w-]{1,40}$/);
    assert.equal(uids[6], `${"a".repeat(35)}_prod`);
    // As another implementation of FNV-1a computes it, with leading zeros.
    assert.equal(dashboardUid("shop", "eu.82"), "shop_eu-82-008c287c");
  });
});
