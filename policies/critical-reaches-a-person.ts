import { parse } from "yaml";
import type { WrittenObject } from "../domain/kubernetes/writtenObjects.ts";
import { writtenObjects } from "../domain/kubernetes/writtenObjects.ts";
import type { ReachTree, RoutedAlert } from "../domain/routing/reach.ts";
import { unreachedFaults } from "../domain/routing/reach.ts";
import { readAlertmanagerConfig, readConfiguration } from "../domain/routing/readRoutes.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { fieldsOf, objectFaults } from "./defineObjectPolicy.ts";
import { defineStackPolicy } from "./defineStackPolicy.ts";
import { inStack, tokensOf } from "./inStack.ts";
import { ofRuleLists } from "./ruleGroups.ts";

export const criticalReachesAPerson = defineStackPolicy({
  name: "critical-reaches-a-person",
  description: "A critical alert wakes someone: it does not end at a receiver without a channel.",
  severity: "critical",
  blocks: "all",
  types: [...tokensOf("monitoring.coreos.com/v1", "PrometheusRule"), ...tokensOf("core/v1", "ConfigMap")],
  faults: (stack) => {
    const trees = inStack<ReachTree>(stack, ["Secret", "ConfigMap", "AlertmanagerConfig"], readTrees);
    return ({ type, props }, attempt) => {
      // Another stack has the routes.
      if (trees.items.length === 0 && !trees.hasUnknown()) return [];
      return objectFaults(writtenObjects(type, props, attempt), attempt, (object) =>
        ofRuleLists(object, attempt, ({ groups, at }) =>
          Object.keys(groups).flatMap((index) =>
            attempt(() => {
              const { rules = [] } = groups[Number(index)] ?? {};
              return Object.keys(rules).flatMap((number) =>
                attempt(() => {
                  const { alert, labels } = rules[Number(number)] ?? {};
                  if (alert === undefined || labels?.severity !== "critical") return [];
                  const name = /^\w{1,80}$/.test(alert) ? alert : number;
                  return reached(
                    unreachedFaults(
                      { name: alert, labels: constant(labels, attempt) },
                      trees.items,
                      `${at}[${index}].rules[${name}]`,
                    ),
                  );
                }),
              );
            }),
          ),
        ),
      );
    };

    function reached(faults: Fault[]): Fault[] {
      if (faults.length > 0 || trees.items.length === 0) trees.refuseUnknown();
      return faults;
    }
  },
});

/** The labels that do not depend on the series. */
function constant(labels: Record<string, string>, attempt: Attempt): RoutedAlert["labels"] {
  const found: Record<string, string> = {};
  for (const name of Object.keys(labels)) {
    attempt(() => {
      const value = labels[name];
      if (value !== undefined && !value.includes("{{")) found[name] = value;
      return [];
    });
  }
  return found;
}

function readTrees(object: WrittenObject, attempt: Attempt, add: (tree: ReachTree) => void): void {
  if (object.kind === "AlertmanagerConfig") {
    const { metadata, spec } = fieldsOf<{ metadata?: { namespace?: string }; spec?: object }>(object, {
      metadata: { namespace: "text" },
      spec: {},
    });
    const tree = readAlertmanagerConfig(spec, metadata?.namespace);
    if (tree) add(tree);
    return;
  }
  const texts: [field: string, read: (text: string) => string][] = [
    ["stringData", (text) => text],
    ["data", (text) => (object.kind === "Secret" ? Buffer.from(text, "base64").toString("utf8") : text)],
  ];
  for (const [field, read] of texts) {
    attempt(() => {
      const entries =
        fieldsOf<Record<string, Record<string, string>>>(object, { [field]: { "*": "text" } })[field] ?? {};
      for (const key of Object.keys(entries).filter((one) => /^alertmanager\.ya?ml$/.test(one))) {
        attempt(() => {
          const tree = readConfiguration(parsed(read(entries[key] ?? "")));
          if (tree) add(tree);
          return [];
        });
      }
      return [];
    });
  }
}

/** Undefined for what is not YAML, which Alertmanager refuses. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
