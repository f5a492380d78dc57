/** One thing that is wrong with a declaration or a resource, told so that a person can mend it without looking anything up. */
export interface Fault {
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
export function faultMessage({ path, got, allowed, fix }: Fault): string {
  const what = got === undefined ? `${path} is missing` : `${path} is ${got}`;
  return `${what}; allowed: ${allowed}. Fix: ${fix}`;
}

/** Faults found before anything was created. The message lists them all, so that one run tells everything. */
export class DeclarationError extends Error {
  override name = "DeclarationError";
  readonly faults: readonly Fault[];

  /** @param subject what the faults are in, such as `service "mplp"` */
  constructor(subject: string, faults: readonly Fault[]) {
    super([`${subject} cannot be deployed:`, ...faults.map((fault) => `- ${faultMessage(fault)}`)].join("\n"));
    this.faults = faults;
  }
}

/** @throws DeclarationError unless there is no fault */
export function refuseFaults(subject: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new DeclarationError(subject, faults);
}
