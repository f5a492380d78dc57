import { z } from "zod";

/** Words of our own in a sentence: what a report from elsewhere says here may be no mention, link or markdown. */
const words = z.string().regex(/^[A-Za-z0-9 ,':]{1,100}$/, "letters, digits, spaces, commas and colons");

/** A promise, or what keeps it, that differs. */
const PromiseChange = z.strictObject({
  /** The service, and the datastore, alert or channel if it is about one: `mplp/main`. */
  subject: z.string(),
  what: words,
  /** Absent if it did not exist. */
  before: z.string().optional(),
  /** Absent if it no longer exists. */
  after: z.string().optional(),
  direction: z.enum(["worse", "changed", "better"]),
});
export type PromiseChange = z.infer<typeof PromiseChange>;
export type Direction = PromiseChange["direction"];

/** A number that costs money or capacity, if it changes. */
const Cost = z.strictObject({ what: words, before: z.number(), after: z.number() });
export type Cost = z.infer<typeof Cost>;

/** A resource that is deleted, or replaced by a new one. */
const Removal = z.strictObject({
  op: z.enum(["delete", "replace"]),
  type: z.string(),
  name: z.string(),
  service: z.string(),
  /** Whether it is protected: the engine then refuses to delete it. */
  protected: z.boolean(),
  /** Whether it stays in the account or cluster, without being managed. */
  retained: z.boolean(),
  /** The properties that force a replacement. */
  because: z.array(z.string()),
});
export type Removal = z.infer<typeof Removal>;

const Violation = z.strictObject({
  policy: z.string(),
  level: z.enum(["mandatory", "advisory", "remediate", "disabled"]),
  resource: z.string(),
  message: z.string(),
  /** Whether the base does not have it. */
  isNew: z.boolean(),
});
export type Violation = z.infer<typeof Violation>;

/** A property that differs; secrets are `[secret]`. */
const ValueChange = z.strictObject({ path: z.string(), before: z.string().optional(), after: z.string().optional() });
export type ValueChange = z.infer<typeof ValueChange>;

const ResourceChange = z.strictObject({
  op: z.enum(["create", "update", "replace", "delete"]),
  type: z.string(),
  name: z.string(),
  values: z.array(ValueChange),
});
export type ResourceChange = z.infer<typeof ResourceChange>;

/** @property service the service, or the empty text for what belongs to none */
const ServiceChanges = z.strictObject({ service: z.string(), changes: z.array(ResourceChange) });
export type ServiceChanges = z.infer<typeof ServiceChanges>;

/** What a change does to one stack: docs/pull-requests.md describes each field. `--json` prints a list of them. */
export const Report = z.strictObject({
  version: z.literal(1),
  stack: z.string(),
  /** What it is compared with. */
  base: z.strictObject({ ref: z.string(), commit: z.string() }),
  /** Why the preview of the change fails, in the program's own words; empty if it does not. The rest then holds what was seen before. */
  failure: z.array(z.string()),
  promises: z.array(PromiseChange),
  costs: z.array(Cost),
  removals: z.array(Removal),
  policies: z.strictObject({ violations: z.array(Violation), resolved: z.int() }),
  resources: z.array(ServiceChanges),
});
export type Report = z.infer<typeof Report>;

/** Whether a change has no effect on the stack. */
export function isUnchanged({ failure, promises, costs, removals, policies, resources }: Report): boolean {
  const news = policies.violations.some(({ isNew }) => isNew);
  return [failure, promises, costs, removals, resources].every(({ length }) => length === 0) && !news;
}
