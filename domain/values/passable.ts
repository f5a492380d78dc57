/**
 * A text that is only passed on: known now, or known to Pulumi's engine later, as an Output or a Promise. The components take what is not
 * known yet out of a declaration before the domain sees it; the type is structural, for the domain knows nothing of Pulumi.
 */
export type Passable = string | PromiseLike<string> | { apply(func: (value: string) => unknown): unknown };
