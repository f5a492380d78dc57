import type {
  Cost,
  PromiseChange,
  Removal,
  Report,
  ResourceChange,
  ServiceChanges,
  ValueChange,
  Violation,
} from "./report.ts";

/** A text that comes from a name, a value or a message: a format shows it so that none of its characters has a meaning. */
export interface Foreign {
  foreign: string;
}

/** A sentence, in our words and others'. */
export type Line = (string | Foreign)[];

export function promiseLine({ subject, what, before, after, direction }: PromiseChange): Line {
  const values: Line =
    before === undefined
      ? ["new: ", foreign(after)]
      : after === undefined
        ? ["gone, was ", foreign(before)]
        : [foreign(before), " → ", foreign(after)];
  return [`${direction}: `, foreign(subject), ` ${what}: `, ...values];
}

export function costLine({ what, before, after }: Cost): Line {
  return [`${what}: ${before} → ${after}`];
}

export function removalLine({ op, type, name, service, because, ...removal }: Removal): Line {
  const gone = removal.retained ? "leaves unmanaged " : op === "delete" ? "deletes " : "replaces ";
  return [
    removal.protected ? `protected, so the update is refused: ${gone}` : gone,
    foreign(type),
    " ",
    foreign(name),
    ...(service === "" ? [] : [" of ", foreign(service)]),
    ...because.flatMap((path, index): Line => [index === 0 ? ", because of " : ", ", foreign(path)]),
  ];
}

export function violationLine({ level, policy, message, isNew }: Violation, lines: number): Line {
  return [
    `${isNew ? "new" : "as before"}, ${level}: `,
    foreign(policy),
    " ",
    foreign(findingOf(policy, message).slice(0, lines).join(" ")),
  ];
}

/** The lines of a message that are about this resource: not the policy's name again, nor what is the same wherever it is violated. */
function findingOf(policy: string, message: string): string[] {
  const lines = message.replace(`${policy}: `, "").split("\n");
  const end = lines.findIndex((line) => /^(?:Why|For example|More):/.test(line));
  return end > 0 ? lines.slice(0, end) : lines;
}

export function changeLine({ op, type, name, values }: ResourceChange, most: number): Line {
  const rest = values.length - most;
  return [
    `${op} `,
    foreign(type),
    " ",
    foreign(name),
    ...values.slice(0, most).flatMap((value, index): Line => [index === 0 ? ": " : "; ", ...valueParts(value)]),
    ...(most > 0 && rest > 0 ? [`; and ${rest} more`] : []),
  ];
}

function valueParts({ path, before, after }: ValueChange): Line {
  if (before === undefined) return [foreign(path), " new ", foreign(after)];
  if (after === undefined) return [foreign(path), " gone, was ", foreign(before)];
  return [foreign(path), " ", foreign(before), " → ", foreign(after)];
}

/** Such as `2 deleted, 3 updated`. */
export function countsOf({ changes }: ServiceChanges): string {
  const past = { delete: "deleted", replace: "replaced", create: "created", update: "updated" } as const;
  return Object.entries(past)
    .map(([op, word]) => [changes.filter((change) => change.op === op).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

/** What the report is about. */
export function titleParts({ stack, base }: Report): Line {
  return [foreign(stack), " compared with ", foreign(base.ref), " (", foreign(base.commit.slice(0, 12)), ")"];
}

/** Such as `2 worse, 1 changed`. */
export function directionsOf(promises: PromiseChange[]): string {
  return (["worse", "changed", "better"] as const)
    .map((direction) => [promises.filter((promise) => promise.direction === direction).length, direction] as const)
    .filter(([count]) => count > 0)
    .map(([count, direction]) => `${count} ${direction}`)
    .join(", ");
}

/** Violations that the base has too, and those that it alone has. */
export function policySummary({ policies: { violations, resolved } }: Report): string {
  const fresh = violations.filter(({ isNew }) => isNew).length;
  return `${fresh} new, ${violations.length - fresh} as before, ${resolved} resolved`;
}

function foreign(text: string | undefined): Foreign {
  return { foreign: text ?? "" };
}
