import assert from "node:assert/strict";
import { durationFaults, latencyFaults, percentFaults, readable } from "../../../domain/values/readable.ts";

describe("a declared number with its unit", () => {
  it("is a share, a length of time, or the time that an answer may take", () => {
    assert.deepEqual(percentFaults("below", "99.9%"), []);
    assert.deepEqual(durationFaults("for", "30m"), []);
    assert.deepEqual(latencyFaults("below", "200ms"), []);
  });

  it("is refused, with an example, where it is none", () => {
    assert.deepEqual(percentFaults("below", "99.9"), [
      {
        path: "below",
        got: '"99.9"',
        allowed: "a number above 0 and at most 100 with a percent sign",
        fix: 'write for example "99.9%"',
      },
    ]);
    assert.deepEqual(durationFaults("for", "200ms"), [
      {
        path: "for",
        got: '"200ms"',
        allowed: "a whole number above 0 with a unit s, m, h, d or w",
        fix: 'write for example "30m"',
      },
    ]);
    assert.deepEqual(latencyFaults("below", "200"), [
      {
        path: "below",
        got: '"200"',
        allowed: "a whole number above 0 with a unit ms, s, m, h, d or w",
        fix: 'write for example "200ms"',
      },
    ]);
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
