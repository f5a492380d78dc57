import { DeclarationError, type Fault } from "../../domain/values/fault.ts";
import { registered } from "./resources.ts";

/** Why something is refused, and the types of what it registered all the same. */
export interface Refusal {
  faults: readonly Fault[];
  made: string[];
}

/** Declares something that must be refused with a DeclarationError. */
export async function refusal(declare: () => void): Promise<Refusal> {
  let faults: readonly Fault[] | undefined;
  const made = await registered(() => {
    try {
      declare();
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error;
      faults = error.faults;
    }
  });
  if (faults === undefined) throw new Error("nothing was refused");
  return { faults, made: made.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack") };
}
