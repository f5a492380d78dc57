/**
 * A text that is only passed on: a plain value, or an Output or Promise that is known later. The components replace Outputs before the
 * domain sees a declaration; the type is structural, because the domain does not import Pulumi.
 */
export type Passable = string | PromiseLike<string> | { apply(func: (value: string) => unknown): unknown };
