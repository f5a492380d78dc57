import type { AlertRule } from "../../../domain/prometheus/rules.ts";
import { type RenderedRules, renderedRules } from "../rendered.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { type Failure, runPromtool } from "./promtool.ts";
import type { PromtoolFile, Subject } from "./proof.ts";
import { promtoolFiles } from "./proof.ts";
import type { Survivor } from "./survivors.ts";
import { proofOf } from "./table.ts";

export const stacks = ["prod", "staging", "sandbox"];

/** An alert of a stack, with a name that distinguishes it from the others there. */
export interface StackAlert extends Subject {
  stack: string;
  name: string;
}

/**
 * The alerts of prod, and those of the other stacks that are not the same there but for the stack's name and the namespace: these have the
 * same proof.
 */
export async function differingAlerts(): Promise<StackAlert[]> {
  const found = new Map<string, StackAlert>();
  for (const stack of stacks) {
    for (const one of alertsOf(stack, await renderedRules(stack))) {
      const key = comparable(one);
      if (!found.has(key)) found.set(key, one);
    }
  }
  return [...found.values()];
}

function alertsOf(stack: string, { alerts, records, services }: RenderedRules): StackAlert[] {
  return alerts.map((rule) => ({
    ...{ rule, records, stack, name: nameOf(rule) },
    service: services.find(({ name }) => name === rule.labels.service),
  }));
}

function nameOf({ alert, labels }: AlertRule): string {
  const { namespace: _, environment: __, ...others } = labels;
  return `${alert} of ${Object.values(others).reverse().join(" ")}`;
}

function comparable({ rule: { alert, expr, for: wait, labels } }: StackAlert): string {
  const { namespace = "", environment = "", ...others } = labels as Record<string, string>;
  const same = expr.replaceAll(`namespace="${namespace}"`, "").replaceAll(`environment="${environment}"`, "");
  return JSON.stringify([alert, same, wait, others]);
}

/** How many rules one process of promtool judges: the input of all of them is in its memory. */
const AT_ONCE = 200;

/** @returns for each alert the tests of its proof that fail @throws Error for an alert without a proof */
export async function judgeProofs(alerts: StackAlert[]): Promise<Map<StackAlert, Failure[]>> {
  const failures = await judgeAll(alerts.map((alert) => ({ alert, rule: alert.rule })));
  return new Map(alerts.map((alert, index) => [alert, failures[index] as Failure[]]));
}

/** A mistake in an alert, and whether its proof notices it. */
export interface JudgedMutant extends Survivor {
  stack: string;
  name: string;
  noticed: boolean;
}

export interface StackMutant extends Mutant {
  of: StackAlert;
}

export function allMutants(alerts: StackAlert[]): StackMutant[] {
  return alerts.flatMap((of) => mutantsOf(of.rule).map((mutant) => ({ ...mutant, of })));
}

export async function judgeMutants(mutants: StackMutant[]): Promise<JudgedMutant[]> {
  const failures = await judgeAll(mutants.map(({ of, rule }) => ({ alert: of, rule })));
  return mutants.map(({ alert, change, of: { stack, name } }, index) => ({
    ...{ stack, name, alert, change },
    noticed: (failures[index] as Failure[]).length > 0,
  }));
}

async function judgeAll(pairs: { alert: StackAlert; rule: AlertRule }[]): Promise<Failure[][]> {
  const results: Failure[][] = [];
  for (let start = 0; start < pairs.length; start += AT_ONCE) {
    const files: PromtoolFile[] = [];
    const owners: number[] = [];
    pairs.slice(start, start + AT_ONCE).forEach(({ alert, rule }, index) => {
      results.push([]);
      for (const file of promtoolFiles(alert, proofOf(alert), rule)) {
        files.push(file);
        owners.push(start + index);
      }
    });
    (await runPromtool(files)).forEach((failed, index) => {
      results[owners[index] as number]?.push(...failed);
    });
  }
  return results;
}
