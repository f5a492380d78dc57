import { latencySeconds, seconds } from "./duration.ts";
import type { Fault } from "./fault.ts";
import { fraction } from "./percent.ts";

/** A fault if a text is not a share such as `99.9%`. */
export function percentFaults(path: string, text: string): Fault[] {
  const allowed = "a number above 0 and at most 100 with a percent sign";
  return readable(() => fraction(text))
    ? []
    : [{ code: "percent-unreadable", ...unreadable(path, text, allowed, "99.9%") }];
}

/** A fault if a text is not a duration such as `30m`. */
export function durationFaults(path: string, text: string): Fault[] {
  const allowed = "a whole number above 0 with a unit s, m, h, d or w";
  return readable(() => seconds(text))
    ? []
    : [{ code: "duration-unreadable", ...unreadable(path, text, allowed, "30m") }];
}

/** A fault if a text is not a response time such as `200ms`. */
export function latencyFaults(path: string, text: string): Fault[] {
  const allowed = "a whole number above 0 with a unit ms, s, m, h, d or w";
  return readable(() => latencySeconds(text))
    ? []
    : [{ code: "latency-unreadable", ...unreadable(path, text, allowed, "200ms") }];
}

/** Whether a reader accepts a text: it refuses with a RangeError. */
export function readable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function unreadable(path: string, text: string, allowed: string, example: string): Omit<Fault, "code"> {
  return { path, got: `"${text}"`, allowed, fix: `write for example "${example}"` };
}
