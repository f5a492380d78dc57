import type { Fault } from "../../domain/values/fault.ts";

/** Faults of one kind, as the product finds them. */
export interface Example {
  code: string;
  faults: () => readonly Fault[] | Promise<readonly Fault[]>;
}

/** The refusals that one folder of the product writes. */
export interface Room {
  /** The heading in docs/refusals.md. */
  title: string;
  /** Patterns of the files whose codes the examples show, such as `domain/kubernetes/*.ts`. */
  sources: string[];
  examples: Example[];
}
