/** An error whose message says what, got, allowed and fix: printed without a stack trace. */
export class Problem extends Error {
  override name = "Problem";
}
