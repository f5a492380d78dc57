import assert from "node:assert/strict";
import { formatSeconds, latencySeconds, seconds } from "../../../domain/values/duration.ts";
import { fraction } from "../../../domain/values/percent.ts";
import { bytes, sizeOf } from "../../../domain/values/size.ts";

describe("a duration", () => {
  it("is a whole number with a unit", () => {
    assert.deepEqual(["90s", "30m", "26h", "30d", "2w"].map(seconds), [90, 1800, 93_600, 2_592_000, 1_209_600]);
  });
  for (const text of ["30", "0m", "-1h", "1.5h", "1 h", "h", "1hour", "1h 30m", ""]) {
    it(`refuses "${text}"`, () => assert.throws(() => seconds(text), RangeError));
  }
  it("is written with the units that a person reads best", () => {
    assert.equal(formatSeconds(0), "0s");
    assert.deepEqual([90, 93_600, 91_800, 172_800, 2_592_000].map(formatSeconds), [
      "1m 30s",
      "26h",
      "25h 30m",
      "48h",
      "30d",
    ]);
  });
});

describe("the time that an answer may take", () => {
  it("is a duration, or a whole number of milliseconds", () => {
    assert.deepEqual(["200ms", "5ms", "1s", "2m"].map(latencySeconds), [0.2, 0.005, 1, 120]);
  });
  for (const text of ["0ms", "200", "x200ms", "200msec", "1.5ms", "ms"]) {
    it(`refuses "${text}"`, () => assert.throws(() => latencySeconds(text), RangeError));
  }
});

describe("a size", () => {
  it("is a whole number with a binary unit", () => {
    assert.equal(bytes("20Gi"), 20 * 2 ** 30);
  });
  it("is written as Kubernetes keeps it: in the largest unit of which it is a whole number, and no smaller than it is", () => {
    const written = ["512Mi", "1023Mi", "1024Mi", "3072Mi", "1025Mi", "2048Gi", "64Ki"].map((text) =>
      sizeOf(bytes(text)),
    );
    assert.deepEqual(written, ["512Mi", "1023Mi", "1Gi", "3Gi", "1025Mi", "2Ti", "1Mi"]);
    assert.equal(sizeOf(bytes("1Gi") + 1), "1025Mi");
  });
  for (const text of ["20", "20GB", "20GiB", "0Gi", "1.5Gi"]) {
    it(`refuses "${text}"`, () => assert.throws(() => bytes(text), RangeError));
  }
});

describe("a share", () => {
  it("is a number with a percent sign, to the last digit", () => {
    assert.deepEqual(["70%", "99.9%", "100%", "0.05%", "12.25%"].map(fraction), [0.7, 0.999, 1, 0.0005, 0.1225]);
  });
  for (const text of ["70", "0%", "0.0%", "100.1%", "101%", "-5%", "5 %", "x5%", "5%%", ".5%", "5.%", ""]) {
    it(`refuses "${text}"`, () => assert.throws(() => fraction(text), RangeError));
  }
});
