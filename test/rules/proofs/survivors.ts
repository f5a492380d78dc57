import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const Listed = z.array(
  z.strictObject({ reason: z.string().min(20), mutants: z.record(z.string(), z.array(z.string())) }),
);

/** A mutant that no proof notices, and why none could. */
export interface Survivor {
  alert: string;
  change: string;
}

/** The mutants of survivors.yaml, which no proof can notice. */
export function listedSurvivors(): Survivor[] {
  const listed = Listed.parse(parse(readFileSync("test/rules/proofs/survivors.yaml", "utf8")));
  return listed.flatMap(({ mutants }) =>
    Object.entries(mutants).flatMap(([alert, changes]) => changes.map((change) => ({ alert, change }))),
  );
}

export function isSame(one: Survivor, other: Survivor): boolean {
  return one.alert === other.alert && one.change === other.change;
}

/** Those that no proof notices and the list lacks, and those that it has and a proof notices. */
export function misjudged<T extends Survivor & { noticed: boolean }>(mutants: T[], listed: Survivor[]): T[] {
  return mutants.filter((mutant) => mutant.noticed === listed.some((one) => isSame(mutant, one)));
}
