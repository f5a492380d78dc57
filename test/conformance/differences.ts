/** A test of the stand-in that the vendor's provider fails. */
export interface Difference {
  reason: string;
  /** What the failed assertion says: a test that fails for anything else is red. */
  fails: RegExp;
}

/**
 * What only the stand-in passes, by the test's title: creation, deletion and previews. A test that only the vendor's provider passes would
 * fail in the suite `providers`.
 */
export const differences: Record<string, Difference> = {
  "refuses an object that exists, with the API's text, though a preview passes; upsert adopts it": {
    reason: "which creates by POST from 4.29 on, and before by server-side apply, which takes over what exists",
    fails: /^Expected "actual" to be strictly unequal to: 0/,
  },
  "records a Job that fails with its reason, and asks for it again at the next up": {
    reason: "which says it in other words",
    fails: /did not match the regular expression \/the Job failed: DeadlineExceeded\//,
  },
};

/** The same of kills, refreshes, updates, Secrets and autoscalers. */
export const nightlyDifferences: Record<string, Difference> = {
  "ends by itself, with the object that it was creating created": {
    reason: "which runs on; `make recover` ends it",
    fails: /^not within a minute/,
  },
  "sees no conflict in a preview before its first update": {
    reason: "which owns by apply what 4.25.0 creates, and by update from 4.29 on",
    fails: /conflict/,
  },
  "is taken out of the API's text when that quotes it": {
    reason: "which prints the secret",
    fails: /\[secret\\\]/,
  },
  "is still one when its object is imported": {
    reason: "which keeps what kubectl applied last in the state, in clear",
    fails: / is in clear in:/,
  },
};
