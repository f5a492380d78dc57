import assert from "node:assert/strict";
import { maintenanceWindow } from "../../../domain/declaration/window.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { windowAlert } from "../../../domain/windows/windowAlert.ts";
import { environmentOf } from "../../support/environment.ts";
import { shop } from "../../support/shop.ts";

const weekly = maintenanceWindow("weekly", { on: { every: "sunday" }, at: assumed("02:00"), lasts: assumed("2h") });
const prod = environmentOf("prod");

describe("a maintenance window's alert", () => {
  it("fires while the window is open, from its first minute, and notifies no one", () => {
    assert.deepEqual(windowAlert(prod, shop, weekly), {
      alert: "MaintenanceWindow",
      expr: "vector(1) and on () (day_of_week() == 0 and hour() >= 2 and hour() < 4)",
      for: "0s",
      labels: {
        severity: "none",
        service: "shop",
        namespace: "shop",
        environment: "prod",
        window: "weekly",
      },
      annotations: {
        summary: "shop is in its maintenance window weekly",
        description:
          "Until the window closes, no one is notified of warnings of shop; critical alerts are sent as always.",
        runbook_url: "https://upkeep.example.com/runbooks/MaintenanceWindow.md",
        dashboard_url: "https://grafana.example.com/d/shop_prod",
      },
    });
  });

  it("does not exist in another zone than UTC, which PromQL cannot express", () =>
    assert.equal(windowAlert(prod, shop, { ...weekly, timeZone: "Europe/Berlin" }), undefined));
});
