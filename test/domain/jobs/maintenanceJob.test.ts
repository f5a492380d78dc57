import assert from "node:assert/strict";
import { jobFaults, worstCaseAge, worstCaseSum } from "../../../domain/jobs/maintenanceJob.ts";
import { SHORTEST_STARTING_DEADLINE } from "../../../domain/kubernetes/cronJob.ts";
import type { WeekdayGuard } from "../../../domain/values/weekdayGuard.ts";
import { refused } from "../../support/refused.ts";

const times = { name: "j", schedule: "0 2 * * *", startingDeadline: "30m", deadline: "45m" };
const found = (changes: object) => refused(jobFaults({ ...times, ...changes }));

describe("the age of a job's newest result", () => {
  it("is at most the longest gap, once more for each failed run, and both deadlines", () => {
    assert.equal(worstCaseAge(times), 86_400 + 1800 + 2700);
    assert.equal(worstCaseAge({ ...times, survives: 2 }), 3 * 86_400 + 1800 + 2700);
  });

  it("is shown as a sum", () => {
    assert.equal(worstCaseSum(times), "longest gap 24h + starting deadline 30m + deadline 45m");
    assert.equal(
      worstCaseSum({ ...times, survives: 1 }),
      "longest gap 24h + the same to survive a failed run + starting deadline 30m + deadline 45m",
    );
    assert.equal(
      worstCaseSum({ ...times, survives: 2 }),
      "longest gap 24h + the same 2 times to survive 2 failed runs + starting deadline 30m + deadline 45m",
    );
  });
});

describe("a job's times", () => {
  it("hold where a run is over before the next one is due", () => {
    assert.deepEqual(found({}), []);
    assert.deepEqual(found({ startingDeadline: "1439m", deadline: "1439m" }), []);
  });

  it("are refused where a run can reach the next one", () => {
    assert.deepEqual(found({ startingDeadline: "24h", deadline: "24h" }), [
      ["deadline-outlasts-interval", "startingDeadline"],
      ["deadline-outlasts-interval", "deadline"],
    ]);
  });

  it("are refused where the controller can miss every run", () => {
    assert.deepEqual(found({ startingDeadline: "9s" }), [["starting-deadline-too-short", "startingDeadline"]]);
    assert.deepEqual(found({ startingDeadline: `${SHORTEST_STARTING_DEADLINE}s` }), []);
  });

  it("are not compared where one cannot be read, and the name is judged all the same", () => {
    assert.deepEqual(found({ name: "J", schedule: "never", startingDeadline: "1", deadline: "2" }), [
      ["not-allowed", "name"],
      ["schedule-unreadable", "schedule"],
      ["not-allowed", "startingDeadline"],
      ["not-allowed", "deadline"],
    ]);
  });

  describe("with a guard", () => {
    const only: WeekdayGuard = { weekday: "saturday" };
    const guarded = { schedule: "0 22 1-7 * *", only, startingDeadline: "30m" };

    it("hold where the last try of a day starts by midnight", () =>
      assert.deepEqual(found({ ...guarded, deadline: "90m" }), []));

    it("are refused where it can start later, when it would do nothing", () => {
      const twice = { ...guarded, schedule: "0 6,22 1-7 * *", deadline: "91m" };
      assert.deepEqual(found(twice), [["runs-cross-midnight", "schedule"]]);
      assert.deepEqual(found({ ...twice, only: undefined }), []);
    });

    it("count the runs that do their work alone", () => {
      const cadence = { ...guarded, schedule: "0 6 1-7 * *", deadline: "30m" };
      assert.equal(worstCaseAge(cadence), 35 * 86_400 + 3600);
      assert.match(worstCaseSum(cadence), /\b35d\b/);
    });
  });
});
