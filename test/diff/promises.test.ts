import assert from "node:assert/strict";
import { longerIsWorse, shorterIsWorse } from "../../cli/diff/direction.ts";
import { promiseChanges } from "../../cli/diff/promises.ts";
import type { PromiseChange } from "../../cli/diff/report.ts";
import { assumed, maintenanceWindow } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { posture } from "../../domain/posture.ts";
import { environmentOf } from "../support/environment.ts";
import { billing, shop, shopWith } from "../support/shop.ts";

const environment = environmentOf("prod");

/** What a change of the shop does to its promises. */
function changesTo(services: Service[], before: Service[] = [shop]): PromiseChange[] {
  return promiseChanges(posture(environment, before), posture(environment, services));
}

/** The shop with other values of one backup. */
function withOrders(values: Partial<Service["backups"][number]>): Service[] {
  return [shopWith({ backups: shop.backups.map((one) => (one.datastore === "orders" ? { ...one, ...values } : one)) })];
}

const backupOfOrders = shop.backups[0] as Service["backups"][number];

const { drill: _, ...undrilledOrders } = backupOfOrders;

describe("the promises of a change", () => {
  const cases: Record<string, [services: Service[], expected: string[]]> = {
    "are not mentioned if they stay": [[shop], []],
    "say how much longer the recovery point of a datastore gets, and what is left of its margin": [
      withOrders({ schedule: assumed("0 2 * * 0") }),
      [
        "worse shop/orders recovery point, at worst: 25h 15m -> 7d 1h 15m",
        "worse shop/orders margin to the promised recovery point: 45m -> -5d 23h 15m",
        "changed shop/orders schedule of backups: 0 2 * * * -> 0 2 * * 0",
      ],
    ],
    "name a backup that is gone": [
      [shopWith({ backups: shop.backups.slice(1) })],
      ["worse shop/orders backup: 0 2 * * * -> "],
    ],
    "name a retention that gets shorter": [
      withOrders({ keep: { daily: assumed("7d") } }),
      ["worse shop/orders backups kept for: 30d -> 7d"],
    ],
    "name a drill that is gone, and why": [
      [shopWith({ backups: [{ ...undrilledOrders, undrilled: "no room" }] })],
      [`worse shop/orders drill: shop/shop-orders-drill at "0 4 * * 0" -> none: no room`],
    ],
    "name an objective that is promised less": [
      [shopWith({ objectives: { ...shop.objectives, availability: assumed("99%"), recoveryTime: assumed("8h") } })],
      ["worse shop promised recovery time: 4h -> 8h", "worse shop promised availability: 99.9% -> 99%"],
    ],
    "name an objective that is promised more": [
      [shopWith({ objectives: { ...shop.objectives, recoveryTime: assumed("2h") } })],
      ["better shop promised recovery time: 4h -> 2h"],
    ],
    "name an alert that is gone": [[shopWith({ alerts: [] })], ["worse shop alert: ServiceDown (critical) -> "]],
    "name a channel that is no longer notified": [
      [shopWith({ notify: { ...shop.notify, critical: ["pagerduty"] } })],
      ["worse shop/critical alerts notify: pagerduty, slack -> pagerduty"],
    ],
    "name a window that mutes longer": [
      [
        shopWith({
          windows: [
            maintenanceWindow("weekly", { on: { every: "sunday" }, at: assumed("02:00"), lasts: assumed("6h") }),
          ],
        }),
      ],
      ["worse shop/weekly window mutes warnings for: 2h -> 6h"],
    ],
    "name a window that is new": [
      [
        shopWith({
          windows: [
            ...shop.windows,
            maintenanceWindow("nightly", { on: { every: "day" }, at: assumed("02:00"), lasts: assumed("1h") }),
          ],
        }),
      ],
      [
        "worse shop/nightly window opens:  -> every day at 02:00 Etc/UTC",
        "worse shop/nightly window mutes warnings for:  -> 1h",
      ],
    ],
    "name an address that is no longer checked": [
      [shopWith({ endpoints: shop.endpoints.filter(({ name }) => name !== "api") })],
      ["worse shop/api checked address: https://shop.example.com/health -> "],
    ],
    "name a service that is new, and none of its parts": [[shop, billing], ["better billing service:  -> maintained"]],
    "name a service that is gone": [[], ["worse shop service is no longer maintained: maintained -> "]],
  };
  for (const [title, [services, expected]] of Object.entries(cases)) {
    it(title, () => {
      const lines = changesTo(services)
        .filter(({ what }) => !/number of such alerts|notifies within/.test(what))
        .map(
          ({ direction, subject, what, before = "", after = "" }) =>
            `${direction} ${subject} ${what}: ${before} -> ${after}`,
        );
      for (const line of expected) assert.ok(lines.includes(line), `${line}\nis missing in\n${lines.join("\n")}`);
      if (expected.length === 0) assert.deepEqual(lines, []);
    });
  }

  it("come with what gets worse first", () => {
    const directions = changesTo([
      shopWith({ backups: [backupOfOrders], objectives: { ...shop.objectives, recoveryTime: assumed("2h") } }),
      billing,
    ]).map(({ direction }) => direction);
    assert.deepEqual(
      directions,
      directions.toSorted(
        (one, other) => ["worse", "changed", "better"].indexOf(one) - ["worse", "changed", "better"].indexOf(other),
      ),
    );
    assert.deepEqual([...new Set(directions)], ["worse", "better"]);
  });

  it("are all new for a stack that is new", () => {
    const found = promiseChanges(undefined, posture(environment, [shop, billing]));
    assert.deepEqual(
      found.map(({ direction, subject }) => [direction, subject]),
      [
        ["better", "shop"],
        ["better", "billing"],
      ],
    );
  });
});

describe("a duration that an older program wrote in another way", () => {
  it("is neither worse nor better", () => {
    assert.deepEqual([shorterIsWorse("a month", "30d"), longerIsWorse("a month", "30d")], ["changed", "changed"]);
  });
});

describe("a change's retention by tiers", () => {
  const kept = (before: Service["backups"][number]["keep"], after: Service["backups"][number]["keep"]) =>
    changesTo(withOrders({ keep: after }), withOrders({ keep: before }))
      .filter(({ what }) => what === "backups kept for")
      .map(({ direction }) => direction);
  it("is worse as soon as one tier keeps less", () => {
    const both = { daily: assumed("30d"), weekly: assumed("90d") } as const;
    assert.deepEqual(kept(both, { daily: assumed("60d"), weekly: assumed("60d") }), ["worse"]);
    assert.deepEqual(kept(both, { daily: assumed("60d"), weekly: assumed("90d") }), ["better"]);
  });
});
