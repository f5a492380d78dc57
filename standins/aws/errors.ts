import { setTimeout } from "node:timers/promises";
import type { Client } from "./request.ts";

/** Another change of the same thing is under way: gone in a moment. */
const CONFLICTS = new Set(["OperationAborted", "ConcurrentModification", "ConcurrentModificationException"]);
const PAUSES_MILLISECONDS = [100, 300, 1000, 3000];

/** Makes a client send again what met a conflict, for a few seconds; the SDK repeats only throttling and server errors. */
export function retryConflicts(client: Client, signal: AbortSignal): void {
  client.middlewareStack.add(
    (next) => async (request) => {
      for (const pause of PAUSES_MILLISECONDS) {
        try {
          return await next(request);
        } catch (error) {
          if (!CONFLICTS.has(code(error))) throw error;
          await setTimeout(pause, undefined, { signal });
        }
      }
      return await next(request);
    },
    { step: "initialize", name: "retryConflicts" },
  );
}

/** The API's error code, "NoSuchBucket". */
export function code(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** What `call` gives, or undefined where the API says that there is no such thing. */
export async function unlessAbsent<T>(call: Promise<T>, ...codes: string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (codes.includes(code(error))) return undefined;
    throw error;
  }
}

/** An SDK's error in the words of the API, as the vendor's plugin shows it: `BucketNotEmpty: The bucket you …`. */
export function inApiWords(error: unknown): unknown {
  if (!(error instanceof Error) || !("$metadata" in error) || error.message.startsWith(error.name)) return error;
  error.message = `${error.name}: ${error.message}`;
  return error;
}
