/** A value with its origin: what the guide says, or what we assume where it says nothing. The posture tells which. */
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
