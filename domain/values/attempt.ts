import type { Fault } from "./fault.ts";

/**
 * Runs one check. The policy pack passes an attempt of its own: in a preview, reading a value that is not known yet throws, and only the
 * check that read it must be lost, not those after it.
 */
export type Attempt = (check: () => Fault[]) => Fault[];

/** For values that are all known. */
export const runCheck: Attempt = (check) => check();
