import { seconds } from "../../domain/values/duration.ts";
import type { Direction, PromiseChange } from "./report.ts";

type Worse = (before: string, after: string) => Direction;
type Judge = (before: string | undefined, after: string | undefined) => Direction;

/** A change, if the two texts differ. @param judge default: whatever exists no longer is worse, whatever is new better */
export function compared(subject: string, what: string, before?: string, after?: string): PromiseChange[];
export function compared(subject: string, what: string, before: string, after: string, judge: Worse): PromiseChange[];
export function compared(
  subject: string,
  what: string,
  before: string | undefined,
  after: string | undefined,
  judge: Judge,
): PromiseChange[];
export function compared(
  subject: string,
  what: string,
  before?: string,
  after?: string,
  judge: (before: string, after: string) => Direction = existence as Worse,
): PromiseChange[] {
  if (before === after) return [];
  const direction = judge(before as string, after as string);
  return [{ subject, what, ...(before !== undefined && { before }), ...(after !== undefined && { after }), direction }];
}

export function lost(subject: string, what: string, before: string): PromiseChange {
  return { subject, what, before, direction: "worse" };
}

export function gained(subject: string, what: string, after: string): PromiseChange {
  return { subject, what, after, direction: "better" };
}

function existence(before: string | undefined, after: string | undefined): Direction {
  if (after === undefined) return "worse";
  return before === undefined ? "better" : "changed";
}

/** Of durations such as `25h 15m`, or several by tier such as `hourly 2d, daily 30d`. */
export const longerIsWorse: Worse = (before, after) => opposite(shorterIsWorse(before, after));

export const shorterIsWorse: Worse = (before, after) => {
  const [old, now] = [byTier(before), byTier(after)];
  const both = [...new Set([...old.keys(), ...now.keys()])];
  // A tier that is missing keeps nothing.
  const signs = both.map((tier) => Math.sign((now.get(tier) ?? 0) - (old.get(tier) ?? 0)));
  if (signs.some((sign) => Number.isNaN(sign))) return "changed";
  if (signs.includes(-1)) return "worse";
  return signs.includes(1) ? "better" : "changed";
};

/** Of numbers, with a percent sign or without. */
export const lowerIsWorse: Worse = (before, after) => {
  const difference = Number.parseFloat(after) - Number.parseFloat(before);
  if (Number.isNaN(difference) || difference === 0) return "changed";
  return difference < 0 ? "worse" : "better";
};

export const higherIsWorse: Worse = (before, after) => opposite(lowerIsWorse(before, after));

function opposite(direction: Direction): Direction {
  return direction === "changed" ? "changed" : direction === "worse" ? "better" : "worse";
}

/** Seconds by tier; the tier is the empty text if there is only one. */
function byTier(text: string): Map<string, number> {
  return new Map(
    text.split(", ").map((part) => {
      const [, tier = "", duration = ""] = /^([a-z]+ )?(.*)$/.exec(part) ?? [];
      return [tier.trim(), secondsOf(duration)];
    }),
  );
}

/** @returns NaN for what is no duration */
function secondsOf(text: string): number {
  const parts = text.replace(/^-/, "").split(" ");
  try {
    const total = parts.reduce(
      (sum, part) => sum + (/^0[smhd]$/.test(part) ? 0 : (milliseconds(part) ?? seconds(part))),
      0,
    );
    return text.startsWith("-") ? -total : total;
  } catch {
    return Number.NaN;
  }
}

function milliseconds(text: string): number | undefined {
  const count = /^(\d+)ms$/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count) / 1000;
}
