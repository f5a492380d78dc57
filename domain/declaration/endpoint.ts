import { z } from "zod";
import type { Passable } from "../values/passable.ts";
import { address } from "../values/schema.ts";
import { assumed } from "../values/sourced.ts";
import { duration, label, sourced } from "./texts.ts";

export const endpointSchema = z.strictObject({
  name: label("api").describe("Name of the endpoint."),
  urls: z
    .array(address)
    .min(1)
    .meta({ allowed: "at least one address", fix: "name an address, or remove the endpoint" })
    .describe("The addresses: each is checked separately, and must answer with a status of 2xx."),
  severity: z.enum(["critical", "warning"]).describe("Severity of the alert when one of them does not answer."),
  for: sourced(duration).describe("How long one may fail before the alert fires; `endpoint(…)` sets 1m by default."),
});

/** Addresses that are one thing to a user: each is checked separately, and must answer with a status of 2xx. */
export interface Endpoint extends z.output<typeof endpointSchema> {}

/** Longer than a lost probe. */
const FAILS_FOR = assumed("1m");

export function endpoint(
  name: string,
  urls: Passable[],
  facts: Omit<Endpoint, "name" | "urls" | "for"> & Partial<Pick<Endpoint, "for">>,
): Endpoint {
  return { for: FAILS_FOR, ...facts, name, urls: urls as string[] };
}
