import type { Percent } from "../values/percent.ts";

/** Default share by which a run may be smaller than the last good one. Assumed: no guide gives one. */
export const SHRINK: Percent = "50%";
