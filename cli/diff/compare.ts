import type { Posture } from "../../domain/posture.ts";
import type { Base } from "./base.ts";
import { resourceChanges } from "./changes.ts";
import { costChanges } from "./costs.ts";
import { failureOf, type Judged } from "./judged.ts";
import { promiseChanges } from "./promises.ts";
import { receiverChanges } from "./receivers.ts";
import type { Report } from "./report.ts";
import { cleaned } from "./shown.ts";
import { State } from "./steps.ts";
import { violationChanges } from "./violations.ts";

/** What the preview of a change, made on the base's state, says about it. */
export function compare(
  about: Pick<Report, "stack" | "base">,
  base: Base,
  config: Record<string, unknown>,
  head: Judged,
): Report {
  const failure = failureOf(head);
  const old = base.resources.map((resource) => State.parse(resource));
  const posture = head.events.outputs.posture as Posture | undefined;
  const { removals, resources } = resourceChanges(head.digest.steps, old);
  const types = old.map(({ type }) => type);
  const created = head.digest.steps.flatMap(({ op, newState }) => (op === "create" && newState ? [newState.type] : []));
  const deleted = head.digest.steps.flatMap(({ op, oldState }) => (op === "delete" && oldState ? [oldState.type] : []));
  const left = deleted.reduce((rest, type) => without(rest, type), types);
  const policies = violationChanges(base.violations, head.events.violations);
  return cleaned<Report>({
    version: 1,
    ...about,
    failure,
    // A preview that fails ends before its stack has outputs, or before all of its resources are known.
    promises: posture ? [...receiverChanges(base.config, config), ...promiseChanges(base.posture, posture)] : [],
    costs:
      failure.length > 0
        ? []
        : costChanges(
            { types, posture: base.posture },
            { types: [...left, ...created], posture: posture ?? base.posture },
          ),
    removals,
    policies: failure.length > 0 ? { ...policies, resolved: 0 } : policies,
    resources,
  });
}

/** A list without the first of its items that is equal. */
function without(types: string[], type: string): string[] {
  const index = types.indexOf(type);
  return index < 0 ? types : types.toSpliced(index, 1);
}
