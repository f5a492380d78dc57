import assert from "node:assert/strict";
import fc from "fast-check";
import { jobFaults, worstCaseAge } from "../../../domain/jobs/maintenanceJob.ts";
import { longestGap, shortestGap } from "../../../domain/values/schedule.ts";
import { weekdays } from "../../../domain/values/weekday.ts";
import { guardedSchedule, guardLine, scheduleFaults } from "../../../domain/values/weekdayGuard.ts";
import { bruteForce, field, START } from "../../support/cron.ts";
import { nextRuns } from "../../support/nextRuns.ts";
import { refused } from "../../support/refused.ts";

const saturday = { weekday: "saturday" } as const;

/** Daily schedules on days of the month: the ones that guards are for. */
const expression = fc.tuple(field(0, 59), field(0, 23), field(1, 28)).map((parts) => `${parts.join(" ")} * *`);

describe("a guarded schedule", function () {
  // Walks over 400 days take seconds on a machine that is busy with other things.
  this.timeout("1m");

  it("runs in exactly the minutes of its schedule that are on the guard's weekday, over 400 days", () => {
    fc.assert(
      fc.property(expression, fc.constantFrom(...weekdays), (text, weekday) => {
        const expected = bruteForce(text)
          .filter((at) => weekdays[new Date(at).getUTCDay()] === weekday)
          .slice(0, 100);
        const schedule = guardedSchedule(text, { weekday });
        const found = nextRuns(schedule, new Date(START - 1), expected.length).map((date) => date.getTime());
        assert.deepEqual(found, expected);
        const gaps = expected.slice(1).map((at, index) => (at - (expected[index] as number)) / 1000);
        for (const gap of gaps) assert.ok(gap <= longestGap(schedule) && gap >= shortestGap(schedule));
      }),
      { numRuns: 5 },
    );
  });

  it("on days 1 to 7 is the first such weekday of each month: four or five weeks apart", () => {
    const schedule = guardedSchedule("0 6 1-7 * *", saturday);
    assert.deepEqual(
      nextRuns(schedule, new Date("2027-01-01"), 3).map((date) => date.toISOString()),
      ["2027-01-02T06:00:00.000Z", "2027-02-06T06:00:00.000Z", "2027-03-06T06:00:00.000Z"],
    );
    assert.equal(longestGap(schedule), 35 * 86_400);
    assert.equal(shortestGap(schedule), 28 * 86_400);
  });

  it("promises by the runs that do their work alone", () => {
    const times = { schedule: "0 6 1-7 * *", startingDeadline: "1h", deadline: "1h" };
    assert.equal(worstCaseAge({ ...times, only: saturday }), 35 * 86_400 + 7200);
    assert.equal(worstCaseAge(times), 25 * 86_400 + 7200);
  });

  it("says in the log that it is not the day, and succeeds", () => {
    assert.equal(
      guardLine(saturday),
      '[ "$(date -u +%u)" = 6 ] || { echo "It is not saturday in UTC: nothing to do."; exit 0; }\n',
    );
    assert.match(guardLine({ weekday: "sunday" }), /= 7 \]/);
  });
});

describe("a declared schedule", () => {
  it("has no fault with one day field, a star in the other, or a guard", () => {
    for (const text of ["0 6 1-7 * *", "0 6 * * 6", "@weekly", "0 6 */1 * 6"]) {
      assert.deepEqual(scheduleFaults(text), []);
    }
    assert.deepEqual(scheduleFaults("0 6 1-7 * *", saturday), []);
  });

  for (const text of ["0 6 1-7 * 6", "30 6 1-7 2 mon,fri"]) {
    it(`is refused with both day fields: ${text}`, () =>
      assert.deepEqual(refused(scheduleFaults(text, undefined, "backups[0].schedule")), [
        ["schedule-days-joined", "backups[0].schedule"],
      ]));
  }

  for (const text of ["0 6 1-7 * 6", " 0  6 1-7 * 6"]) {
    it(`names a schedule to write instead, which it takes with the guard: "${text}"`, () => {
      const [, written = ""] = /"(.*) \*"/.exec(scheduleFaults(text)[0]?.fix ?? "") ?? [];
      assert.equal(written, "0 6 1-7 *");
    });
  }

  it("is refused with a guard that no run satisfies", () =>
    assert.deepEqual(refused(scheduleFaults("0 6 * * 0", saturday)), [["schedule-never-runs", "schedule"]]));

  it("is refused where it is invalid", () =>
    assert.deepEqual(refused(scheduleFaults("0 25 * * *")), [["schedule-unreadable", "schedule"]]));

  it("that was never given is a mistake of the program, not of the schedule", () => {
    assert.throws(() => scheduleFaults(undefined as never), TypeError);
  });
});

describe("a guarded job's times", () => {
  const times = { name: "j", schedule: "0 22 1-7 * *", only: saturday, startingDeadline: "30m", deadline: "45m" };

  it("hold where every try starts before midnight", () => {
    assert.deepEqual(jobFaults(times), []);
    assert.deepEqual(jobFaults({ ...times, deadline: "90m" }), []);
  });

  it("are refused where a late start or a retry can fall on another day, on which it would do nothing and succeed", () => {
    const faults = jobFaults({ ...times, deadline: "91m" });
    assert.deepEqual(refused(faults), [["runs-cross-midnight", "schedule"]]);
    assert.match(faults[0]?.got ?? "", /\b1m\b/);
    assert.deepEqual(jobFaults({ ...times, schedule: "0 22 * * *", deadline: "91m", only: undefined as never }), []);
  });

  it("are refused with both day fields", () =>
    assert.deepEqual(refused(jobFaults({ ...times, schedule: "0 6 1-7 * 6" })), [
      ["schedule-days-joined", "schedule"],
    ]));
});
