import type { Report } from "../../cli/diff/report.ts";

/** A report of a change without effect, but for what is named. */
export function reportWith(changes: Partial<Report>): Report {
  return {
    version: 1,
    stack: "prod",
    base: { ref: "main", commit: "0123456789abcdef0123456789abcdef01234567" },
    failure: [],
    promises: [],
    costs: [],
    removals: [],
    policies: { violations: [], resolved: 0 },
    resources: [],
    ...changes,
  };
}
