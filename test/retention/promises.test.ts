import assert from "node:assert/strict";
import { type LifecycleRule, lifecycleRules, lockDays } from "../../domain/backup/retention.ts";
import { keptTiers, shownKeep } from "../../domain/backup/tiers.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import { jobAlerts } from "../../domain/jobs/jobAlerts.ts";
import { STALE_FOR, worstCaseAge } from "../../domain/jobs/maintenanceJob.ts";
import { seconds } from "../../domain/values/duration.ts";
import { parseSchedule } from "../../domain/values/schedule.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { declaredServices } from "../../services/index.ts";
import { environmentOf } from "../support/environment.ts";
import { nextRuns } from "../support/nextRuns.ts";
import { keeping, shop } from "../support/shop.ts";
import { DAY, type History, live, type Outcome, outages } from "./history.ts";

const START = Date.UTC(2027, 0, 1);
const TWO_YEARS = START + 730 * DAY;

/** A service with one backup of every tier, hourly. */
const database = keeping(shop, "orders");
const [daily] = database.backups as [Backup];
const everyTier: Service = {
  ...database,
  backups: [
    {
      ...daily,
      schedule: assumed("15 * * * *"),
      keep: { hourly: assumed("2d"), daily: assumed("14d"), weekly: assumed("60d"), monthly: assumed("365d") },
    },
  ],
};

/** A backup's runs in so many days: every schedule here is the same each day. */
function runsOf({ schedule }: Backup, days: number): number[] {
  const [first, ...others] = nextRuns(parseSchedule(schedule.value), new Date(START - 1), 150).map((run) =>
    run.getTime(),
  );
  assert.ok(first !== undefined && first < START + DAY, schedule.value);
  const perDay = 1 + others.findIndex((run) => run === first + DAY);
  assert.ok(perDay > 0, schedule.value);
  const day = [first, ...others].slice(0, perDay);
  return Array.from({ length: days }, (_, index) => day.map((run) => run + index * DAY)).flat();
}

function historyOf(service: Service, backup: Backup, changes: Partial<History> = {}): History {
  const drills = Array.from({ length: 100 }, (_, week) => START + week * 7 * DAY + DAY / 2);
  return {
    backup,
    rules: lifecycleRules(service),
    lockDays: lockDays(service),
    start: START,
    end: TWO_YEARS + 420 * DAY,
    runs: runsOf(backup, 730),
    succeeds: outages(1, START, TWO_YEARS),
    drills,
    ...changes,
  };
}

describe("two years of runs with outages, and what comes after", function () {
  this.timeout("10m");
  let lives: { name: string; service: Service; backup: Backup; outcome: Outcome }[];
  before(async () => {
    const declared = [...(await declaredServices()), shop, { ...everyTier, name: "every-tier" }].flatMap((service) =>
      service.backups.map((backup) => ({ name: `${service.name}/${backup.datastore}`, service, backup })),
    );
    assert.ok(declared.length > shop.backups.length);
    // Those that are kept alike and run as often live alike.
    const alike = Map.groupBy(declared, ({ backup }) => `${shownKeep(backup.keep)} ${runsOf(backup, 1).length}`);
    lives = [...alike.values()].flatMap(([one]) =>
      one ? [{ ...one, outcome: live(historyOf(one.service, one.backup)) }] : [],
    );
  });

  it("leave every published backup restorable for its tier's promise, its data behind its manifest, and then delete it", () => {
    for (const { name, backup, outcome } of lives) {
      assert.deepEqual(outcome.broken, [], name);
      for (const { tier } of keptTiers(backup.keep)) {
        assert.ok((outcome.published[tier] ?? 0) >= 10, `${name}: hardly any ${tier} backup`);
      }
    }
  });

  it("do so whichever runs fail", () => {
    const [backup] = everyTier.backups as [Backup];
    for (const seed of [2, 3]) {
      const { broken } = live(historyOf(everyTier, backup, { succeeds: outages(seed, START, TWO_YEARS) }));
      assert.deepEqual(broken, [], `seed ${seed}`);
    }
  });

  it("notify of publishing that stopped before half of the time is over that the last good backup has left", () => {
    const environment = environmentOf("prod");
    for (const { name, service, backup, outcome } of lives) {
      const { lastGood, lastGoodGone } = outcome;
      assert.ok(lastGoodGone, name);
      const { startingDeadline, deadline, job } = backup;
      const staleAfter = worstCaseAge({ schedule: backup.schedule.value, startingDeadline, deadline });
      const facts = { service: service.name, namespace: service.namespace, job, staleAfter, environment };
      const stale = jobAlerts({ ...facts, severity: "critical" }).find(({ alert }) => alert === "MaintenanceJobStale");
      const threshold = Number(/> (\d+)$/.exec(stale?.expr ?? "")?.[1]);
      assert.ok(threshold > 0);
      // The last success counts from the end of its run.
      const told = lastGood + (seconds(deadline) + threshold + seconds(STALE_FOR)) * 1000;
      assert.ok(told - lastGood < (lastGoodGone - lastGood) / 2, `${name}: told at ${new Date(told).toISOString()}`);
    }
  });

  const [backup] = everyTier.backups as [Backup];
  const short: Partial<History> = {
    end: START + 520 * DAY,
    runs: runsOf(backup, 120),
    drills: Array.from({ length: 10 }, (_, week) => START + week * 7 * DAY + DAY / 2),
  };
  const changed = (id: string, change: Partial<LifecycleRule>) =>
    lifecycleRules(everyTier).map((rule) => (rule.id === id ? { ...rule, ...change } : rule));
  const planted: [what: string, changes: Partial<History>, breaks: RegExp][] = [
    [
      "data that expires with its manifest less two days",
      { rules: changed("database/data/monthly/", { expiration: { days: 360 } }) },
      /^\d{4}-\d\d-\d\d: a monthly backup('s data is gone before its manifest| cannot be restored while it is promised)$/,
    ],
    [
      "one rule of 30 days for the whole bucket",
      {
        rules: [
          ...lifecycleRules(everyTier),
          { id: "all", status: "Enabled", filter: { prefix: "" }, expiration: { days: 30 } },
        ],
      },
      /: a weekly backup cannot be restored while it is promised$/,
    ],
    [
      "a golden copy that expires",
      { rules: changed("database/golden/", { expiration: { days: 90 } }) },
      /: the golden copy is gone$/,
    ],
    [
      "expirations without an end for what they hide",
      {
        rules: lifecycleRules(everyTier).map(({ noncurrentVersionExpiration: _, ...rule }) => rule),
      },
      /: a daily backup is not deleted when its time is over$/,
    ],
    [
      "a lock that is longer than the shortest tier",
      { lockDays: 60 },
      /: a hourly backup is not deleted when its time/,
    ],
    [
      "the days of one tier for all of them",
      {
        rules: lifecycleRules(everyTier).map((rule) =>
          rule.id.startsWith("database/manifests/") ? { ...rule, expiration: { days: 14 } } : rule,
        ),
      },
      /: a monthly backup cannot be restored while it is promised$/,
    ],
    [
      "records of drills that go with the dailies",
      { rules: changed("database/drills/", { expiration: { days: 14 } }) },
      /: a drill's record is gone within a year$/,
    ],
    [
      "uploads that are never aborted",
      { rules: lifecycleRules(everyTier).filter(({ id }) => id !== "abandoned") },
      /: an abandoned upload stays$/,
    ],
  ];
  it("find nothing in so short a life of the policy that is rendered", () => {
    assert.deepEqual(live(historyOf(everyTier, backup, short)).broken, []);
  });

  for (const [what, changes, breaks] of planted) {
    it(`find the planted policy: ${what}`, () => {
      const { broken } = live(historyOf(everyTier, backup, { ...short, ...changes }));
      assert.ok(
        broken.some((one) => breaks.test(one)),
        `found: ${broken.join("; ") || "nothing"}`,
      );
    });
  }
});
