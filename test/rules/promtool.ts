import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { AlertRule, RuleGroup } from "../../domain/prometheus/rules.ts";

/** Which of an alert's rules fire at a moment, and what they then say. Empty where none does. */
export interface Firing {
  at: string;
  alert: string;
  /** Each with the labels of its rule that distinguish it from others of its name, and those that its series adds. */
  fires: { labels?: Record<string, string>; adds?: Record<string, string>; description: string }[];
}

/** An alert of one rule at moments: it fires with each description, and not without any. */
export function fires(alert: string): (at: string, ...descriptions: string[]) => Firing {
  return (at, ...descriptions) => ({ at, alert, fires: descriptions.map((description) => ({ description })) });
}

/** What an expression gives at a moment; undefined where it gives nothing. */
export interface Value {
  at: string;
  expr: string;
  value: number | undefined;
}

/** The samples of series, one a minute where no other step is said, in promtool's notation: `1x60` is 61 times 1, `0+5x60` counts up by 5. */
export type Series = Record<string, string>;

/**
 * Lets promtool evaluate rules over series, once a step, and compares what fires with what should: labels, summary,
 * description and link.
 *
 * @param step also the time between two samples
 * @throws Error with promtool's words where they differ
 */
export async function judge(
  groups: RuleGroup[],
  series: Series,
  expected: (Firing | Value)[],
  step = "1m",
): Promise<void> {
  const firing = expected.filter((one) => "alert" in one);
  const values = expected.filter((one) => "expr" in one);
  const test = {
    rule_files: ["rules.yaml"],
    evaluation_interval: step,
    // Left to promtool, the order is another one each time.
    group_eval_order: groups.map(({ name }) => name),
    fuzzy_compare: true,
    tests: [
      {
        interval: step,
        input_series: Object.entries(series).map(([name, samples]) => ({ series: name, values: samples })),
        alert_rule_test: firing.map(({ at, alert, fires }) => ({
          eval_time: at,
          alertname: alert,
          exp_alerts: fires.map((one) => expectedAlert(groups, alert, one)),
        })),
        promql_expr_test: values.map(({ at, expr, value }) => ({
          eval_time: at,
          expr: `sum(${expr})`,
          exp_samples: value === undefined ? [] : [{ labels: "{}", value }],
        })),
      },
    ],
  };
  await promtool({ "rules.yaml": { groups }, "test.yaml": test }, (folder) => [
    "test",
    "rules",
    join(folder, "test.yaml"),
  ]);
}

/** @throws Error with promtool's words where a file of rules is not one that Prometheus loads, or holds a rule twice */
export async function check(files: Record<string, unknown>): Promise<string> {
  return promtool(files, (folder) => [
    ...["check", "rules", "--lint=all", "--lint-fatal"],
    ...Object.keys(files).map((file) => join(folder, file)),
  ]);
}

function expectedAlert(
  groups: RuleGroup[],
  alert: string,
  { labels = {}, adds, description }: Firing["fires"][number],
) {
  const found = groups
    .flatMap(({ rules }) => rules)
    .filter((rule): rule is AlertRule => "alert" in rule && rule.alert === alert)
    .filter((rule) => Object.entries(labels).every(([name, value]) => rule.labels[name] === value));
  const [rule] = found;
  if (!rule || found.length > 1) throw new Error(`${found.length} rules are ${alert} ${JSON.stringify(labels)}`);
  return { exp_labels: { ...rule.labels, ...adds }, exp_annotations: { ...rule.annotations, description } };
}

async function promtool(files: Record<string, unknown>, command: (folder: string) => string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-rules-"));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), stringify(content));
    const { all, exitCode } = await execa("promtool", command(folder), { all: true, reject: false });
    if (exitCode !== 0) throw new Error(all);
    return all;
  } finally {
    await rm(folder, { recursive: true });
  }
}
