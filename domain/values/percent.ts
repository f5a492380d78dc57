/** A share with its sign, such as `70%` or `99.9%`. */
export type Percent = `${number}%`;

/**
 * @returns the share as a fraction of 1
 * @throws RangeError when the text is not a number with a percent sign, or is not above 0 and at most 100
 */
export function fraction(percent: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(percent);
  const value = match ? Number(match[1]) : 0;
  if (value <= 0 || value > 100) {
    throw new RangeError(
      `"${percent}" is not a share; allowed: a number above 0 and at most 100 with a percent sign. Fix: write for example "70%"`,
    );
  }
  // Shifting the decimal point in the text keeps 99.9% at 0.999, where a division would not.
  return Number(`${match?.[1]}e-2`);
}
