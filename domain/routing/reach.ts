import type { Fault } from "../values/fault.ts";
import { holds, type LabelCondition } from "../values/selectors.ts";

/** A route as anyone may have written it. */
export interface ReachRoute {
  conditions: LabelCondition[];
  /** Undefined: its parent's. */
  receiver: string | undefined;
  continues: boolean;
  routes: ReachRoute[];
}

/** One Alertmanager's routes, or an AlertmanagerConfig's part of them. */
export interface ReachTree {
  root: ReachRoute;
  /** The receivers, and whether each notifies anyone. */
  receivers: ReadonlyMap<string, boolean>;
}

/** An alert as its rule says it. */
export interface RoutedAlert {
  name: string;
  /** The labels with a constant value: others may come from the series. */
  labels: Readonly<Record<string, string>>;
}

/**
 * Faults of a critical alert that notifies nobody under any label that its series may bring. Labels that its rule does not set may have any
 * value: an alert is refused only where no value of theirs leads to a receiver with a channel.
 *
 * @param trees all of the stack; an alert needs one that notifies
 * @param path of the rule
 */
export function unreachedFaults(alert: RoutedAlert, trees: readonly ReachTree[], path: string): Fault[] {
  if (alert.labels.severity !== "critical" || trees.length === 0) return [];
  const labels = { ...alert.labels, alertname: alert.name };
  const ends = trees.flatMap((tree) => [...receiversOf(tree.root, labels)].map((name) => ({ name, tree })));
  if (ends.some(({ name, tree }) => tree.receivers.get(name) === true)) return [];
  const declared = ends.filter(({ name, tree }) => tree.receivers.has(name)).map(({ name }) => name);
  const names = [...new Set(declared)].filter((name) => /^[\w./-]{1,60}$/.test(name)).slice(0, 3);
  const where =
    ends.length === 0
      ? "no route of the stack takes it: it notifies no one"
      : `it ends at ${names.join(", ") || "a receiver that is not declared"}, which notifies no one`;
  return [
    {
      code: "critical-reaches-nobody",
      path: `${path}.labels.severity`,
      got: `critical, and ${where}`,
      allowed: "a route to a receiver with a channel: a critical alert wakes a person",
      fix: "give that receiver a channel, such as pagerduty_configs, or route the alert to one that has one; or lower the severity",
    },
  ];
}

/** The receivers that may get an alert with these labels. */
function receiversOf(root: ReachRoute, labels: Readonly<Record<string, string>>): Set<string> {
  const found = new Set<string>();
  if (matches(root, labels) !== "no") collect(root, undefined, labels, found);
  return found;
}

function collect(
  route: ReachRoute,
  inherited: string | undefined,
  labels: Readonly<Record<string, string>>,
  found: Set<string>,
): void {
  const receiver = route.receiver ?? inherited;
  let taken = false;
  for (const child of route.routes) {
    const match = matches(child, labels);
    if (match === "no") continue;
    collect(child, receiver, labels, found);
    if (match === "maybe") continue;
    taken = true;
    if (!child.continues) break;
  }
  if (!taken && receiver !== undefined) found.add(receiver);
}

function matches({ conditions }: ReachRoute, labels: Readonly<Record<string, string>>): "yes" | "no" | "maybe" {
  const known = conditions.filter(({ label }) => Object.hasOwn(labels, label));
  if (known.some((condition) => !holds(condition, labels[condition.label] ?? ""))) return "no";
  return known.length === conditions.length ? "yes" : "maybe";
}
