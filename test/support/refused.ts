import { DeclarationError, type Fault } from "../../domain/values/fault.ts";

/** What a test judges of faults: kind and place. Their wording is in docs/refusals.md. */
export function refused(faults: readonly Fault[]): (readonly [code: string | undefined, path: string])[] {
  return faults.map(({ code, path }) => [code, path]);
}

/** The faults of the DeclarationError that something throws. */
export function refusal(run: () => unknown): readonly Fault[] {
  try {
    run();
  } catch (error) {
    return faultsOf(error);
  }
  throw new Error("nothing was refused");
}

/** The faults of the DeclarationError with which a promise is rejected. */
export async function rejection(promise: Promise<unknown>): Promise<readonly Fault[]> {
  return promise.then(() => {
    throw new Error("nothing was refused");
  }, faultsOf);
}

function faultsOf(error: unknown): readonly Fault[] {
  if (error instanceof DeclarationError) return error.faults;
  throw error;
}
