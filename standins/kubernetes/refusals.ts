import { ApiError } from "./api.ts";

/** What to do about refusals that have a remedy, by the API's reason for them. */
const REMEDIES: Record<string, string> = {
  AlreadyExists: "import it, give this one another name, or adopt it once with PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true",
  Conflict: 'stop declaring these fields, or take them over with the annotation pulumi.com/patchForce: "true"',
  NotFound: "if it was deleted by hand, run `pulumi refresh`; if it is a namespace, create it first",
};

export function isRefusal(error: unknown, reason: string): boolean {
  return error instanceof ApiError && error.reason === reason;
}

/**
 * Adds what was tried before the API's own text, and what to do after it.
 *
 * @param what as after "the API server refused to"
 */
export async function explain<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ApiError) {
      const remedy = REMEDIES[error.reason];
      // The vendor's words, by which its users find help.
      const conflict = error.reason === "Conflict" ? "Server-Side Apply field conflict detected: " : "";
      error.message = `${conflict}the API server refused to ${what}: ${error.message}${remedy ? `; ${remedy}` : ""}`;
    }
    throw error;
  }
}
