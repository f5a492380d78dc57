/** One mistake in a declaration or a resource, with everything that a person needs to fix it. */
export interface Fault {
  /** The kind of fault, such as `unknown-key`, for tests and tools: the wording of the other fields may change. */
  code: string;
  /** Where: a path in the declaration, the configuration or the manifest. */
  path: string;
  /** The present value, never a secret's; undefined if it is missing. */
  got: string | undefined;
  /** The allowed values. */
  allowed: string;
  /** What to write instead. */
  fix: string;
  /** Of a missing value: the one that changes nothing which works, so that a policy may write it (policies/remediate.ts). */
  remedy?: string | number | boolean;
}

/** One sentence each: what, got, allowed, how to fix. */
export function faultMessage({ path, got, allowed, fix }: Omit<Fault, "code">): string {
  const what = got === undefined ? `${path} is missing` : `${path} is ${got}`;
  return `${what}; allowed: ${allowed}. Fix: ${fix}`;
}

/**
 * A value as a fault may show it: numbers, booleans and short words such as Kubernetes' enumerations as they are. Of any other text only
 * the length, because a secret can be anywhere by mistake, and policies receive secrets decrypted and unmarked.
 */
export function redacted(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return /^[\w.-]{0,40}$/.test(value) ? `"${value}"` : `${value.length} characters`;
  return typeof value === "object" ? "an object" : String(value);
}

/** Faults found before anything was created. The message lists all of them. */
export class DeclarationError extends Error {
  override name = "DeclarationError";
  /** Marks Pulumi's `RunError`: its host prints the message without stack frames. */
  readonly __pulumiRunError = true;
  readonly faults: readonly Fault[];

  /** @param subject what the faults are in, such as `service "shop"` */
  constructor(subject: string, faults: readonly Fault[]) {
    super([`${subject} cannot be deployed:`, ...faults.map((fault) => `- ${faultMessage(fault)}`)].join("\n"));
    this.faults = faults;
  }
}

/** @throws DeclarationError when there is a fault */
export function refuseFaults(subject: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new DeclarationError(subject, faults);
}
