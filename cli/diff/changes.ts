import { changes, formatPath, type Path } from "../../standins/changes.ts";
import type { Removal, ResourceChange, ServiceChanges, ValueChange } from "./report.ts";
import { shown, shownBoth } from "./shown.ts";
import { nameOf, type State, type Step } from "./steps.ts";

const SERVICE = "upkeep:index:MaintainedService";

const operations = ["create", "update", "replace", "delete"] as const;

/** What the engine would do to resources, without components: their children say it. */
export interface Changed {
  removals: Removal[];
  resources: ServiceChanges[];
}

/** @param resources all resources of the base, in which a deleted one's parents are */
export function resourceChanges(steps: Step[], resources: State[]): Changed {
  const known = new Map(resources.map((resource) => [resource.urn, resource]));
  for (const { urn, newState } of steps) if (newState) known.set(urn, newState);
  const real = steps.flatMap((step) => {
    const op = operations.find((one) => one === step.op);
    const state = step.newState ?? step.oldState;
    return op && state?.custom ? [{ ...step, op, state, service: serviceOf(step.urn, known) }] : [];
  });
  const removals = real.flatMap(({ op, urn, service, state, ...step }): Removal[] => {
    if (op !== "delete" && op !== "replace") return [];
    const old = step.oldState ?? state;
    const because = [...(step.replaceReasons ?? [])].sort();
    // As the engine does: a replacement is refused only if the new one is protected too.
    const isProtected = old.protect && (op === "delete" || state.protect);
    const { type } = state;
    return [{ op, type, name: nameOf(urn), service, protected: isProtected, retained: old.retainOnDelete, because }];
  });
  const groups = Map.groupBy(real, ({ service }) => service);
  return {
    removals: removals.sort(byRank),
    resources: [...groups].sort(byService).map(([service, group]) => ({
      service,
      changes: group.map((step) => change(step)).sort(byOperation),
    })),
  };
}

/** Protected ones first: the engine refuses to delete them. Then what is lost, then what is made anew, then what stays unmanaged. */
function rank(removal: Removal): number {
  if (removal.protected) return 0;
  if (removal.retained) return 3;
  return removal.op === "delete" ? 1 : 2;
}

/** By name among equals: the engine deletes in the order in which a stack was made, which differs from run to run. */
function byRank(one: Removal, other: Removal): number {
  return rank(one) - rank(other) || one.service.localeCompare(other.service) || one.name.localeCompare(other.name);
}

function byService([one]: [string, unknown], [other]: [string, unknown]): number {
  return one.localeCompare(other);
}

function byOperation(one: ResourceChange, other: ResourceChange): number {
  const order: ResourceChange["op"][] = ["delete", "replace", "create", "update"];
  return order.indexOf(one.op) - order.indexOf(other.op) || one.name.localeCompare(other.name);
}

function serviceOf(urn: string, known: Map<string, State>): string {
  for (let at: string | undefined = urn; at; at = known.get(at)?.parent) {
    if (known.get(at)?.type === SERVICE) return nameOf(at);
  }
  return "";
}

function change(step: Step & { op: ResourceChange["op"]; state: State }): ResourceChange {
  const { op, state, urn } = step;
  const values = op === "update" || op === "replace" ? valueChanges(step) : [];
  return { op, type: state.type, name: nameOf(urn), values };
}

/** The deepest values that differ; of a secret only that it does. */
function valueChanges({ oldState, newState, detailedDiff }: Step): ValueChange[] {
  const [before, after] = [oldState?.inputs ?? {}, newState?.inputs ?? {}];
  const visible = changes(before, after)
    // The engine's own notes on a provider.
    .filter(({ path }) => path[0] !== "__internal")
    .map(({ path }) => ({ path: formatPath(path), ...values(valueAt(before, path), valueAt(after, path)) }));
  const secret = Object.keys(detailedDiff ?? {}).filter(
    (path) => !visible.some((one) => one.path.startsWith(path) || path.startsWith(one.path)),
  );
  return [...visible, ...secret.map((path) => ({ path, before: "[secret]", after: "[secret]" }))];
}

function values(before: unknown, after: unknown): Omit<ValueChange, "path"> {
  if (before === undefined) return { after: shown(after) };
  return after === undefined ? { before: shown(before) } : shownBoth(before, after);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<string | number, unknown> | undefined)?.[step], value);
}
