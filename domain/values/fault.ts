/** One thing that is wrong with a declaration or a resource, told so that a person can mend it without looking anything up. */
export interface Fault {
  /** The kind of refusal, such as `unknown-key`: tests and tools judge it, and its wording may change. */
  code: string;
  /** Where: a path in the declaration, the configuration or the manifest. */
  path: string;
  /** What is there, never a secret's value; undefined where it is missing. */
  got: string | undefined;
  /** What may be there. */
  allowed: string;
  /** What to write instead. */
  fix: string;
}

/** One sentence each: what, got, allowed, how to fix. */
export function faultMessage({ path, got, allowed, fix }: Omit<Fault, "code">): string {
  const what = got === undefined ? `${path} is missing` : `${path} is ${got}`;
  return `${what}; allowed: ${allowed}. Fix: ${fix}`;
}

/**
 * A value as a fault may show it: numbers, booleans and the short words of Kubernetes' enumerations as they are. Of any other text only the
 * length, because a secret can stand anywhere by mistake, and policies receive secrets decrypted and unmarked.
 */
export function redacted(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return /^[\w.-]{0,40}$/.test(value) ? `"${value}"` : `${value.length} characters`;
  return typeof value === "object" ? "an object" : String(value);
}

/** Faults found before anything was created. The message lists them all, so that one run tells everything. */
export class DeclarationError extends Error {
  override name = "DeclarationError";
  /** What marks Pulumi's `RunError`: its host prints the message, which is all that a person needs, without stack frames. */
  readonly __pulumiRunError = true;
  readonly faults: readonly Fault[];

  /** @param subject what the faults are in, such as `service "shop"` */
  constructor(subject: string, faults: readonly Fault[]) {
    super([`${subject} cannot be deployed:`, ...faults.map((fault) => `- ${faultMessage(fault)}`)].join("\n"));
    this.faults = faults;
  }
}

/** @throws DeclarationError unless there is no fault */
export function refuseFaults(subject: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new DeclarationError(subject, faults);
}
