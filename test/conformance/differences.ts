/** A test of the stand-in that the vendor's provider fails. */
interface Difference {
  reason: string;
  /** What the failed assertion says: a test that fails for anything else is red. */
  fails: RegExp;
}

/** What only the stand-in passes, by the test's title. A test that only the vendor's provider passes would fail in the suite `providers`. */
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
