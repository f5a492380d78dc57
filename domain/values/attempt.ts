import type { Fault } from "./fault.ts";

/**
 * Runs one check. The policy pack passes its own attempt: in a preview, reading an unknown value throws, which must skip only the
 * check that read it.
 */
export type Attempt = (check: () => Fault[]) => Fault[];

/** For values that are known. */
export const runCheck: Attempt = (check) => check();
