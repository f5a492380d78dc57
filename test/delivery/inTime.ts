import assert from "node:assert/strict";
import type { Paged } from "./faults.ts";

/** A busy machine's own delays come on top of what is promised. */
const BUSY = 10;

/** Prints the times, and compares them with what is promised. */
export function expectInTime(timed: Paged[]): void {
  for (const { alert, after, bound } of timed)
    console.log(`      ${alert} notified after ${after.toFixed(0)} s; promised: ${bound} s`);
  assert.deepEqual(
    timed.filter(({ after, bound }) => after > bound + BUSY),
    [],
  );
}
