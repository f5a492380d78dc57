/** A value with its origin: given by the guide, or assumed because the guide gives none. The posture states which. */
export interface Sourced<T> {
  value: T;
  assumed: boolean;
}

/** Marks a value that the guide does not give. */
export function assumed<const T>(value: T): Sourced<T> {
  return { value, assumed: true };
}

/** Marks a value that the guide gives. */
export function guide<const T>(value: T): Sourced<T> {
  return { value, assumed: false };
}
