import type { Fault } from "../../domain/values/fault.ts";

/** What a test judges of faults: kind and place. Their wording is in docs/refusals.md. */
export function refused(faults: readonly Fault[]): (readonly [code: string | undefined, path: string])[] {
  return faults.map(({ code, path }) => [code, path]);
}
