/** An amount of bytes as Kubernetes writes it, such as `512Mi` or `20Gi`. */
export type Size = `${number}${keyof typeof bytesPerUnit}`;

const bytesPerUnit = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

/**
 * @returns bytes
 * @throws RangeError when the text is not a whole number with a binary unit, or is not above zero
 */
export function bytes(size: string): number {
  const match = /^(\d+)(Ki|Mi|Gi|Ti)$/.exec(size);
  const value = match ? Number(match[1]) * bytesPerUnit[match[2] as keyof typeof bytesPerUnit] : 0;
  if (value <= 0) {
    throw new RangeError(
      `"${size}" is not a size; allowed: a whole number above 0 with a unit Ki, Mi, Gi or Ti. Fix: write for example "20Gi"`,
    );
  }
  return value;
}

/**
 * Writes bytes, rounded up to whole mebibytes, as Kubernetes stores them: in the largest unit of which they are a whole number. It
 * stores `3072Mi` as `3Gi`, and then takes the same declaration, made by another field manager, for a conflict.
 */
export function sizeOf(total: number): Size {
  const whole = Math.ceil(total / bytesPerUnit.Mi) * bytesPerUnit.Mi;
  const unit = (["Ti", "Gi"] as const).find((larger) => whole % bytesPerUnit[larger] === 0) ?? "Mi";
  return `${whole / bytesPerUnit[unit]}${unit}`;
}
