/** A length of time with its unit, such as `90s`, `30m`, `26h` or `30d`. */
export type Duration = `${number}${keyof typeof secondsPerUnit}`;

/** Seconds. */
export const DAY = 86_400;

const secondsPerUnit = { s: 1, m: 60, h: 3600, d: DAY, w: 604_800 } as const;

/**
 * @returns seconds
 * @throws RangeError when the text is not a whole number with a unit, or is not above zero
 */
export function seconds(duration: string): number {
  const match = /^(\d+)([smhdw])$/.exec(duration);
  const value = match ? Number(match[1]) * secondsPerUnit[match[2] as keyof typeof secondsPerUnit] : 0;
  if (value <= 0) {
    throw new RangeError(
      `"${duration}" is not a duration; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"`,
    );
  }
  return value;
}

/** How long an answer may take, such as `200ms` or `1s`. */
export type Latency = Duration | `${number}ms`;

/**
 * @returns seconds
 * @throws RangeError when the text is neither a duration nor a whole number of milliseconds above zero
 */
export function latencySeconds(latency: string): number {
  const milliseconds = /^(\d+)ms$/.exec(latency)?.[1];
  return milliseconds && Number(milliseconds) > 0 ? Number(milliseconds) / 1000 : seconds(latency);
}

/** Writes seconds in readable units: `25h 30m`. Negative values have a sign. */
export function formatSeconds(total: number): string {
  if (total < 0) return `-${formatSeconds(-total)}`;
  const parts: string[] = [];
  let rest = total;
  for (const unit of ["d", "h", "m", "s"] as const) {
    // Up to two days in hours: recovery points are compared as 24h, 26h, 48h.
    if (unit === "d" && total <= 2 * secondsPerUnit.d) continue;
    const count = Math.floor(rest / secondsPerUnit[unit]);
    rest -= count * secondsPerUnit[unit];
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(" ") || "0s";
}
