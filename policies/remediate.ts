import type { ResourceValidationArgs } from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { configured } from "./configured.ts";
import { type Policy, subjectOf } from "./message.ts";
import { known } from "./unknownPath.ts";

/**
 * Writes the remedies of a resource's faults into its inputs, through the SDK's view of them: a secret stays one. It fills in what is missing, and
 * replaces nothing that a person wrote. A remedy that brings another fault, or that leaves its own, is taken back; so a second pass finds none.
 *
 * @returns the changed inputs; undefined if nothing changed
 */
export function remediate(
  policy: Policy,
  resource: ResourceValidationArgs,
  rule: (attempt: Attempt) => Fault[],
): Record<string, unknown> | undefined {
  const { exemptions } = configured();
  let seen = see(rule);
  let isChanged = false;
  for (const { code, path, remedy } of seen.faults) {
    if (remedy === undefined) continue;
    // An exemption is what a person decided.
    if (exemptions.covers(policy.name, subjectOf(resource), path)) continue;
    const undo = known(() => fillIn(resource.props, path, remedy));
    if (undo === undefined) continue;
    const next = see(rule);
    if (next.all.has(`${code} ${path}`) || ![...next.all].every((one) => seen.all.has(one))) undo();
    else {
      seen = next;
      isChanged = true;
    }
  }
  return isChanged ? resource.props : undefined;
}

interface Seen {
  faults: readonly Fault[];
  /** Kind and place of each fault, and of what could not be judged. */
  all: ReadonlySet<string>;
}

function see(rule: (attempt: Attempt) => Fault[]): Seen {
  const errors: unknown[] = [];
  const attempt: Attempt = (check) => {
    try {
      return check();
    } catch (error) {
      errors.push(error);
      return [];
    }
  };
  const faults = attempt(() => rule(attempt));
  return { faults, all: new Set([...faults.map(({ code, path }) => `${code} ${path}`), ...errors.map(String)]) };
}

/**
 * Sets a value that is missing in an object that is there.
 *
 * @param path as a fault writes it, such as `spec.containers[name=app].securityContext.allowPrivilegeEscalation`
 * @returns takes it back; undefined if it was not set
 */
function fillIn(props: Record<string, unknown>, path: string, value: unknown): (() => void) | undefined {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  const last = steps.pop();
  const owner = steps.reduce<unknown>((inner, step) => stepInto(inner, step), props);
  if (last === undefined || typeof owner !== "object" || owner === null || Array.isArray(owner)) return undefined;
  const fields = owner as Record<string, unknown>;
  const before = fields[last];
  if (before !== undefined && before !== null) return undefined;
  const wasThere = last in fields;
  fields[last] = value;
  return () => {
    if (wasThere) fields[last] = before;
    else delete fields[last];
  };
}

/** @param step a field, an index, or `name=<name>` of a list's element */
function stepInto(value: unknown, step: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return (value as Record<string, unknown>)[step];
  const name = /^name=(.*)$/.exec(step)?.[1];
  if (name === undefined) return value[Number(step)];
  return value.find((element: { name?: unknown } | null) => element?.name === name);
}
