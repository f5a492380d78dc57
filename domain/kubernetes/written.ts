/**
 * A Kubernetes object as someone may have written it: each field, however deep, may be missing, those too that the API server
 * requires or fills in. Lists are only read.
 */
export type Written<T> = T extends readonly (infer Element)[]
  ? readonly Written<Element>[]
  : T extends Date
    ? string
    : T extends object
      ? { [Key in keyof T]?: Written<T[Key]> }
      : T;
