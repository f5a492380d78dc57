import type { Severity } from "@pulumi/policy";
import type { Settings } from "./settings.ts";

/** What resource and stack policies have in common. */
export interface Rule {
  /** Also the name of its page in docs/policies/. */
  name: string;
  /** One sentence: why the rule exists. */
  description: string;
  severity: Severity;
  /** Whose resources it blocks: `all`, or `ours` (ownership.ts); it advises about the others. */
  blocks: "all" | "ours";
  /** Whether it is what our own routes, pages and clusters need: it then judges our resources alone, and the profile `core` advises. */
  house?: boolean;
  /** Why no resource can be exempted from it, if so. */
  unexemptible?: string;
}

/** What the check of a configuration reads of a policy. */
export interface Configurable extends Pick<Rule, "name" | "unexemptible"> {
  settings?: Settings;
  /** Whether it writes what is missing, at the level `remediate`. */
  remediates?: boolean;
}

/** The part of a definition that the check of a configuration reads. */
export function configurable({ name, unexemptible, settings, remediates }: Configurable): Configurable {
  return {
    name,
    ...(unexemptible && { unexemptible }),
    ...(settings && { settings }),
    ...(remediates && { remediates }),
  };
}
