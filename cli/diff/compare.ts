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
  const known = new Set(base.violations.map(identity));
  const now = new Set(head.events.violations.map(identity));
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
    policies: {
      violations: head.events.violations
        .map((violation) => ({
          ...violation,
          isNew: !known.has(identity(violation)),
        }))
        .sort((one, other) => rank(one) - rank(other)),
      resolved: failure.length > 0 ? 0 : [...known].filter((one) => !now.has(one)).length,
    },
    resources,
  });
}

function rank({ isNew, level }: { isNew: boolean; level: string }): number {
  return (isNew ? 0 : 2) + (level === "mandatory" ? 0 : 1);
}

function identity({ policy, resource, message }: { policy: string; resource: string; message: string }): string {
  return JSON.stringify([policy, resource, message]);
}

/** A list without the first of its items that is equal. */
function without(types: string[], type: string): string[] {
  const index = types.indexOf(type);
  return index < 0 ? types : types.toSpliced(index, 1);
}
