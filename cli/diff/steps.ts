import { z } from "zod";

export const State = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  parent: z.string().optional(),
  protect: z.boolean().default(false),
  retainOnDelete: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

/** A resource, as far as a comparison reads it. */
export type State = z.infer<typeof State>;

/** One step of `pulumi preview --json`; secrets are the text `[secret]`. */
export const Step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: State.optional(),
  newState: State.optional(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
});
export type Step = z.infer<typeof Step>;

/** What `pulumi preview --json` prints. */
export const Digest = z.object({
  steps: z
    .array(Step)
    .nullish()
    .transform((steps) => steps ?? []),
  diagnostics: z
    .array(z.object({ urn: z.string().optional(), message: z.string(), severity: z.string() }))
    .nullish()
    .transform((diagnostics) => diagnostics ?? []),
});
export type Digest = z.infer<typeof Digest>;

/** The resource's name in the program. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
