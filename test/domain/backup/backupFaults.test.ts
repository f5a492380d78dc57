import assert from "node:assert/strict";
import { serviceFaults, worstCaseLoss } from "../../../domain/backup/promises.ts";
import type { Datastore } from "../../../domain/declaration/datastore.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { refuseFaults } from "../../../domain/values/fault.ts";
import type { Percent } from "../../../domain/values/percent.ts";
import type { Size } from "../../../domain/values/size.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { mplp } from "../../../services/mplp.ts";
import { database } from "../../support/database.ts";

const [declared] = database.backups as [Backup];

/** The database's backup with other facts, and the service's recovery point. */
function declaring(changes: Partial<Backup>, recoveryPoint: Duration = "26h"): Service {
  const objectives = { ...database.objectives, recoveryPoint: assumed(recoveryPoint) };
  return { ...database, objectives, backups: [{ ...declared, ...changes }] };
}

/** The faults as a person reads them, without their first line. */
function refusal(service: Service): string[] {
  try {
    refuseFaults(`service "${service.name}"`, serviceFaults(service));
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
  return [];
}

describe("a service's backups", () => {
  it("hold for MPLP's three kinds of datastores", () => assert.deepEqual(refusal(mplp), []));

  it("are refused where one's prefix contains another's: they share the service's bucket", () => {
    const [main, cache, objects] = mplp.backups as [Backup, Backup, Backup];
    const inside = [main, { ...cache, prefix: "database/redis/" }, objects];
    assert.deepEqual(refusal({ ...mplp, backups: inside }), [
      '- backups[1].prefix is "database/redis/", and backups[0].prefix is "database/"; allowed: prefixes of which none contains another: the service\'s backups share one bucket. Fix: give each backup a prefix of its own',
    ]);
    assert.equal(refusal({ ...mplp, backups: [{ ...main, prefix: "configs/main/" }, cache, objects] }).length, 1);
    assert.equal(refusal({ ...mplp, backups: [main, cache, { ...objects, prefix: "redis/" }] }).length, 1);
    assert.deepEqual(refusal({ ...mplp, backups: [main, { ...cache, prefix: "data/" }, objects] }), []);
  });

  it("are each compared with the size of their own datastore", () => {
    const sizes: Record<string, Size> = { main: "90Gi", cache: "101Gi" };
    const datastores = mplp.datastores.map((datastore) => {
      const size = sizes[datastore.name];
      return size ? ({ ...datastore, size: assumed(size), throughput: assumed("38Mi") } as Datastore) : datastore;
    });
    const paths = serviceFaults({ ...mplp, datastores }).map(({ path }) => path);
    assert.deepEqual(paths, ["backups[1].deadline", "backups[1].scratchClass"]);
  });

  it("are refused for a prefix that is no folder", () => {
    assert.deepEqual(refusal(declaring({ prefix: "database" })), [
      '- backups[0].prefix is "database"; allowed: names of letters, digits, dots, dashes and underscores, each with a slash behind. Fix: write for example "database/"',
    ]);
    for (const prefix of ["", "/", "/database/", "a//b/"])
      assert.equal(refusal(declaring({ prefix })).length, 1, prefix);
  });
});

describe("how long backups are kept", () => {
  const keeping = (keep: Record<string, unknown>) => refusal(declaring({ keep: keep as Backup["keep"] }));

  it("is refused below two periods of a tier: one would be gone before the next is made", () => {
    assert.deepEqual(keeping({ hourly: assumed("2h"), daily: assumed("2d"), weekly: assumed("2w") }), []);
    assert.deepEqual(keeping({ monthly: assumed("62d") }), []);
    assert.deepEqual(keeping({ daily: assumed("47h"), monthly: assumed("61d") }), [
      "- backups[0].keep.monthly is 61d; allowed: 62d or more, 2 periods of the tier: else one is gone before the next is made. Fix: keep it longer, or leave the tier out",
      "- backups[0].keep.daily is 47h; allowed: 48h or more, 2 periods of the tier: else one is gone before the next is made. Fix: keep it longer, or leave the tier out",
    ]);
  });

  it("is refused without a tier, in one that does not exist, and for what is no time", () => {
    const expected =
      '; allowed: one or more of monthly, weekly, daily, hourly. Fix: write for example { daily: guide("30d") }';
    assert.deepEqual(keeping({}), [`- backups[0].keep is empty${expected}`]);
    assert.deepEqual(keeping({ yearly: assumed("9w") }), [`- backups[0].keep is "yearly"${expected}`]);
    assert.deepEqual(keeping({ daily: assumed("9w"), yearly: assumed("9w") }), [
      '- backups[0].keep is with "yearly"; allowed: monthly, weekly, daily, hourly. Fix: correct the tier\'s name',
    ]);
    assert.deepEqual(keeping({ daily: assumed("a month") }), [
      '- backups[0].keep.daily is 7 characters; allowed: how long, such as 30d. Fix: write for example "30d"',
    ]);
  });
});

describe("what makes a run suspect", () => {
  it("is a share above 0 % and at most 100 %", () => {
    assert.deepEqual(refusal(declaring({ shrink: "100%" })), []);
    assert.deepEqual(refusal(declaring({ shrink: "0.5%" })), []);
    const refused = ["0%", "101%", "-5%", "50"].map((shrink) => refusal(declaring({ shrink: shrink as Percent })));
    assert.deepEqual(
      refused.map((faults) => faults.length),
      [1, 1, 1, 1],
    );
    assert.equal(
      refused[3]?.[0],
      '- backups[0].shrink is "50"; allowed: a share above 0% and at most 100%, at which no run is suspect. Fix: write for example "50%"',
    );
  });

  it("is accepted by the whole name of a run alone", () => {
    const name = "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11";
    assert.deepEqual(refusal(declaring({ accepts: name })), []);
    for (const accepts of ["", "yes", "20261126T020004Z", `${name}.json`, `suspect/${name}`]) {
      const [fault, ...more] = refusal(declaring({ accepts }));
      assert.match(String(fault), /^- backups\[0\]\.accepts is .*; allowed: the name of a suspect run/, accepts);
      assert.deepEqual(more, []);
    }
  });
});

describe("a recovery point that survives failed runs", () => {
  const often = { schedule: assumed("*/20 * * * *"), startingDeadline: "2m", deadline: "15m", survives: 1 } as const;

  it("counts the longest gap once more for each", () => {
    assert.equal(worstCaseLoss({ ...declared, ...often, survives: 0 }), (20 + 2 + 15) * 60);
    assert.equal(worstCaseLoss({ ...declared, ...often }), (20 * 2 + 2 + 15) * 60);
    assert.equal(worstCaseLoss({ ...declared, ...often, survives: 3 }), (20 * 4 + 2 + 15) * 60);
  });

  it("is an hour for every 20 minutes and one failure", () => assert.deepEqual(refusal(declaring(often, "1h")), []));

  it("is no hour for every 30 minutes and one failure, with the arithmetic", () => {
    const half = { ...often, schedule: assumed("*/30 * * * *") };
    assert.deepEqual(refusal(declaring({ ...half, survives: 0 }, "1h")), []);
    assert.deepEqual(refusal(declaring(half, "1h")), [
      '- backups[0].schedule is "*/30 * * * *", which can lose 1h 17m (longest gap 30m + the same to survive a failed run + starting deadline 2m + deadline 15m); allowed: less than the recovery point of 1h. Fix: run it more often, shorten its deadlines, or promise a longer recovery point',
    ]);
  });

  it("is refused where it survives what is no number of runs", () => {
    const expected = (got: string) =>
      `- backups[0].survives is ${got}; allowed: a whole number of failed runs, 0 or more. Fix: write for example 1`;
    assert.deepEqual(refusal(declaring({ survives: 0.5 }, "3d")), [expected("0.5")]);
    assert.deepEqual(refusal(declaring({ survives: -1 })), [expected("-1")]);
  });
});
