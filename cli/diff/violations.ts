import type { Report, Violation } from "./report.ts";

type Found = Omit<Violation, "isNew">;

/** Why the base's policies only advise, as its preview is told. The pack says so in a line of its own, which is no violation of the base's. */
export const BASE_ADVISES = "what the base violates ends no preview";

/** What a change violates, what is new first, and how much of what its base violates is gone. */
export function violationChanges(base: Found[], head: Found[]): Report["policies"] {
  const known = new Set(base.filter(({ message }) => !message.includes(BASE_ADVISES)).map(identity));
  const now = new Set(head.map(identity));
  return {
    violations: head
      .map((violation) => ({ ...violation, isNew: !known.has(identity(violation)) }))
      .sort((one, other) => rank(one) - rank(other)),
    resolved: [...known].filter((one) => !now.has(one)).length,
  };
}

/** Without the page's address, for the base was checked out elsewhere, and the days that are left, for it may have been previewed yesterday. */
function identity({ policy, resource, message }: Found): string {
  const same = message.replace(/^More: .*$/m, "").replace(/, which ends [a-z0-9 ]+:/, ":");
  return JSON.stringify([policy, resource, same]);
}

function rank({ isNew, level }: { isNew: boolean; level: string }): number {
  return (isNew ? 0 : 2) + (level === "mandatory" ? 0 : 1);
}
