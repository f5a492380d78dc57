/** A failure whose message tells a person all they need (what, got, allowed, how to fix): printed without a stack. */
export class Problem extends Error {
  override name = "Problem";
}
