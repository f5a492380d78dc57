/**
 * A Kubernetes object as written in a manifest: any field at any depth may be missing, also those that the API server requires or
 * fills in. Lists are read-only.
 */
export type Written<T> = T extends readonly (infer Element)[]
  ? readonly Written<Element>[]
  : T extends Date
    ? string
    : T extends object
      ? { [Key in keyof T]?: Written<T[Key]> }
      : T;
