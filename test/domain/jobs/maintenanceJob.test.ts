import assert from "node:assert/strict";
import { jobFaults, STALE_FOR, worstCaseAge, worstCaseSum } from "../../../domain/jobs/maintenanceJob.ts";
import { SHORTEST_STARTING_DEADLINE } from "../../../domain/kubernetes/cronJob.ts";
import { faultMessage } from "../../../domain/values/fault.ts";
import type { WeekdayGuard } from "../../../domain/values/weekdayGuard.ts";

const times = { name: "j", schedule: "0 2 * * *", startingDeadline: "30m", deadline: "45m" };
const messages = (changes: object) => jobFaults({ ...times, ...changes }).map(faultMessage);

describe("the age of a job's newest result", () => {
  it("is at most the longest gap, once more for each failed run, and both deadlines", () => {
    assert.equal(worstCaseAge(times), 86_400 + 1800 + 2700);
    assert.equal(worstCaseAge({ ...times, survives: 2 }), 3 * 86_400 + 1800 + 2700);
  });

  it("is told as a sum", () => {
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

  it("is told five minutes after it is too great", () => assert.equal(STALE_FOR, "5m"));
});

describe("a job's times", () => {
  it("hold where a run is over before the next one is due", () => {
    assert.deepEqual(messages({}), []);
    assert.deepEqual(messages({ startingDeadline: "1439m", deadline: "1439m" }), []);
  });

  it("are refused where a run can reach the next one", () => {
    assert.deepEqual(messages({ startingDeadline: "24h", deadline: "24h" }), [
      'startingDeadline is 24h; allowed: less than 24h, the shortest gap of schedule "0 2 * * *". Fix: shorten it, or run the job less often',
      'deadline is 24h; allowed: less than 24h, the shortest gap of schedule "0 2 * * *". Fix: shorten it, or run the job less often',
    ]);
  });

  it("are refused where the controller can miss every run", () => {
    assert.deepEqual(messages({ startingDeadline: "9s" }), [
      "startingDeadline is 9s; allowed: 10s or more. Fix: lengthen it",
    ]);
    assert.deepEqual(messages({ startingDeadline: `${SHORTEST_STARTING_DEADLINE}s` }), []);
  });

  it("are not compared where one cannot be read, and the name is judged all the same", () => {
    const faults = jobFaults({ name: "J", schedule: "never", startingDeadline: "1", deadline: "2" });
    assert.deepEqual(
      faults.map(({ path }) => path),
      ["name", "schedule", "startingDeadline", "deadline"],
    );
  });

  describe("with a guard", () => {
    const only: WeekdayGuard = { weekday: "saturday" };
    const guarded = { schedule: "0 22 1-7 * *", only, startingDeadline: "30m" };

    it("hold where the last try of a day starts by midnight", () =>
      assert.deepEqual(messages({ ...guarded, deadline: "90m" }), []));

    it("are refused where it can start later, when it would do nothing", () => {
      const twice = { ...guarded, schedule: "0 6,22 1-7 * *", deadline: "91m" };
      assert.deepEqual(messages(twice), [
        'schedule is "0 6,22 1-7 * *", whose last run of a day can start or retry until 1m after midnight; allowed: runs that are over within their day: every try asks whether it is saturday. Fix: run it earlier, or shorten its deadlines',
      ]);
      assert.deepEqual(messages({ ...twice, only: undefined }), []);
    });

    it("count the runs that do their work alone", () => {
      const cadence = { ...guarded, schedule: "0 6 1-7 * *", deadline: "30m" };
      assert.equal(worstCaseAge(cadence), 35 * 86_400 + 3600);
      assert.equal(worstCaseSum(cadence), "longest gap 35d + starting deadline 30m + deadline 30m");
    });
  });
});
