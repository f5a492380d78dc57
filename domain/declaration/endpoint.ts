import type { Duration } from "../values/duration.ts";
import type { Severity } from "../values/severity.ts";
import type { Sourced } from "../values/sourced.ts";

/** Addresses that mean the same thing to a user: each is asked on its own, and each must answer with a status of 2xx. */
export interface Endpoint {
  name: string;
  urls: string[];
  /** How loud it is when one of them does not answer. */
  severity: Exclude<Severity, "info">;
  /** How long one may fail before anybody is told. */
  for: Sourced<Duration>;
}

export function endpoint(name: string, urls: string[], facts: Omit<Endpoint, "name" | "urls">): Endpoint {
  return { ...facts, name, urls };
}
