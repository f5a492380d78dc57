import assert from "node:assert/strict";
import { durationFaults, latencyFaults, percentFaults, readable } from "../../../domain/values/readable.ts";
import { refused } from "../../support/refused.ts";

describe("a declared number with its unit", () => {
  it("is a share, a length of time, or the time that an answer may take", () => {
    assert.deepEqual(percentFaults("below", "99.9%"), []);
    assert.deepEqual(durationFaults("for", "30m"), []);
    assert.deepEqual(latencyFaults("below", "200ms"), []);
  });

  it("is refused where it is none", () => {
    assert.deepEqual(refused(percentFaults("below", "99.9")), [["percent-unreadable", "below"]]);
    assert.deepEqual(refused(durationFaults("for", "200ms")), [["duration-unreadable", "for"]]);
    assert.deepEqual(refused(latencyFaults("below", "200")), [["latency-unreadable", "below"]]);
  });
});

describe("what can be read", () => {
  const throwing = (error: Error) => () => {
    throw error;
  };

  it("is all that a reader does not refuse, whatever it makes of it", () => {
    assert.equal(
      readable(() => undefined),
      true,
    );
    assert.equal(readable(throwing(new RangeError("no number"))), false);
  });

  it("is not said of a reader that is broken", () =>
    assert.throws(() => readable(throwing(new TypeError("no function"))), /^TypeError: no function$/));
});
