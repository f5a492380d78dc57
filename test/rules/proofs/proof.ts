import type { Service } from "../../../domain/declaration/service.ts";
import type { AlertRule, RecordingRule } from "../../../domain/prometheus/rules.ts";
import { seconds } from "../../../domain/values/duration.ts";
import { metricsOf } from "../../../domain/values/promql.ts";
import { inputSeries, type Metric } from "./metric.ts";

/** What an alert is proven with. Each list of series is beside `others`. */
export interface Proof {
  /** Seconds between two evaluations, and two samples. @default 60 */
  step?: number;
  /** Evaluations until `beyond` holds, such as those that fill the range of a rate. @default 0 */
  after?: number;
  /** Evaluations until it fires again after a restart. @default as many as at first */
  again?: number;
  /** At 1.1 times the threshold, on its bad side; or the bad state, without a threshold. */
  beyond: Metric[];
  /** At 0.9 times the threshold; absent for an alert that always fires. */
  within?: Metric[];
  /** How many alerts fire for `beyond`. @default 1 */
  count?: number;
  /** What targets of others export: the exporters are up. */
  others: Metric[];
  /** Whether it fires without a series of its own while the exporters are up. */
  withoutSeries: boolean;
  /** Whether it fires while no exporter is up. */
  exporterDown: boolean;
  /** What else decides: each guard of the expression has a case that it suppresses, or lets through. */
  cases?: Record<string, Case>;
}

export interface Case {
  metrics: Metric[];
  fires: boolean;
  /** Evaluations until it holds. @default the proof's own */
  after?: number;
}

/** An alert that follows the clock: whether it fires at each of these seconds after 1970. */
export interface Clock {
  step: number;
  moments: { at: number; fires: boolean }[];
}

/** An alert as a stack renders it, with what its proof may look at. */
export interface Subject {
  rule: AlertRule;
  records: RecordingRule[];
  /** The service that it is about; undefined for the platform's alerts. */
  service: Service | undefined;
}

/** One test of promtool: the name says what is proven. */
export interface PromtoolTest {
  name: string;
  interval: string;
  input_series: { series: string; values: string }[];
  promql_expr_test: { expr: string; eval_time: string; exp_samples: { labels: string; value: number }[] }[];
}

/** A test file, and the rules that it is about. */
export interface PromtoolFile {
  evaluation_interval: string;
  rules: (AlertRule | RecordingRule)[];
  tests: PromtoolTest[];
}

/**
 * The tests of an alert's proof.
 *
 * @param judged the rule that is tested, if not the subject's own
 * @returns one file, or a second for the cases that begin at recorded series
 */
export function promtoolFiles(subject: Subject, proof: Proof | Clock, judged = subject.rule): PromtoolFile[] {
  const { rule } = subject;
  const step = proof.step ?? 60;
  const evaluation_interval = `${step}s`;
  if ("moments" in proof) {
    const promql_expr_test = proof.moments.map(({ at, fires }) => firing(at, fires ? 1 : 0));
    const clock = { name: "follows the clock", interval: evaluation_interval, input_series: [], promql_expr_test };
    return [{ evaluation_interval, rules: [judged], tests: [clock] }];
  }
  const scenarios = scenariosOf(proof, waitOf(rule, step));
  const recorded = ({ metrics }: Scenario) => metrics.some(({ name }) => name.includes(":"));
  const file = (chosen: Scenario[], records: RecordingRule[]): PromtoolFile => ({
    evaluation_interval,
    rules: [...records, judged],
    tests: chosen.map((scenario) => test(scenario, step, namedLabels(rule))),
  });
  return [
    file(
      scenarios.filter((one) => !recorded(one)),
      recordsOf(subject),
    ),
    file(scenarios.filter(recorded), []),
  ].filter(({ tests }) => tests.length > 0);
}

/** Series over evaluations, and at which of these the alert fires. */
interface Scenario {
  name: string;
  metrics: Metric[];
  steps: number;
  restart?: number;
  /** The last evaluation until which it never fires. */
  quietUntil?: number;
  /** How many fire, and at which evaluations. */
  fires?: { at: number[]; count: number };
}

/** Evaluations beyond the last that matters. */
const MARGIN = 3;

function scenariosOf(proof: Proof, wait: number): Scenario[] {
  const { beyond, within, others, after = 0, count = 1, withoutSeries, exporterDown, cases = {} } = proof;
  const fired = after + wait;
  const restart = fired + MARGIN;
  const again = restart + (proof.again ?? fired) + 2 * MARGIN;
  const steady = (name: string, metrics: Metric[], fires: boolean, holds = after): Scenario => {
    const steps = holds + wait + MARGIN;
    return {
      name: `${fires ? "fires" : "is quiet"}: ${name}`,
      metrics,
      steps,
      ...(fires ? { fires: { at: [steps], count: 1 } } : { quietUntil: steps }),
    };
  };
  return [
    {
      name: "fires at 1.1 times its threshold, not one evaluation before its time, and again after a restart",
      metrics: [...beyond, ...others],
      steps: again,
      restart,
      ...(fired > 0 && { quietUntil: fired - 1 }),
      fires: { at: [fired, again], count },
    },
    ...(within
      ? [
          {
            name: "is quiet at 0.9 times its threshold, through a restart too",
            metrics: [...within, ...others],
            steps: again,
            restart,
            quietUntil: again,
          },
        ]
      : []),
    steady("no series of its own", others, withoutSeries),
    steady("no exporter is up", [], exporterDown),
    ...Object.entries(cases).map(([name, one]) => steady(name, [...one.metrics, ...others], one.fires, one.after)),
  ];
}

function test(
  { name, metrics, steps, restart, quietUntil, fires }: Scenario,
  step: number,
  labels: string[],
): PromtoolTest {
  return {
    name,
    interval: `${step}s`,
    input_series: inputSeries(metrics, step, steps, restart),
    promql_expr_test: [
      ...(quietUntil === undefined ? [] : [neverFired(quietUntil * step)]),
      ...(fires ? fires.at.map((at) => firing(at * step, fires.count, labels)) : []),
    ],
  };
}

/** The labels that an alert's text shows whatever they are: one that is missing would leave a gap in it. */
function namedLabels({ annotations }: AlertRule): string[] {
  return Object.values(annotations).flatMap((text) =>
    [...text.matchAll(/\{\{ \$labels\.(\w+)/g)].map(([, label]) => label as string),
  );
}

const FIRING = 'alertstate="firing"';

/** How many alerts fire with each of these labels. */
function firing(at: number, count: number, labels: string[] = []): PromtoolTest["promql_expr_test"][number] {
  const exp_samples = count === 0 ? [] : [{ labels: "{}", value: count }];
  const matchers = [FIRING, ...labels.map((label) => `${label}!=""`)].join(",");
  return { expr: `count(ALERTS{${matchers}})`, eval_time: `${at}s`, exp_samples };
}

/** The range leaves its start out. */
function neverFired(until: number): PromtoolTest["promql_expr_test"][number] {
  return { expr: `sum(count_over_time(ALERTS{${FIRING}}[${until + 1}s]))`, eval_time: `${until}s`, exp_samples: [] };
}

/** Evaluations from when a condition holds until its alert fires. */
function waitOf({ for: wait }: AlertRule, step: number): number {
  return Math.ceil(seconds(wait) / step);
}

/** The recording rules that an alert reads, directly or through others, in their order. */
function recordsOf({ rule, records }: Subject): RecordingRule[] {
  const read = new Set<RecordingRule>();
  const add = ({ expr }: { expr: string }) => {
    const metrics = metricsOf(expr);
    for (const one of records) {
      if (read.has(one) || !metrics.includes(one.record) || !isOf(rule, one)) continue;
      read.add(one);
      add(one);
    }
  };
  add(rule);
  return records.filter((one) => read.has(one));
}

/** Whether a record is of the alert's service and, if it is a job's, of its job. */
function isOf({ labels: alert }: AlertRule, { labels = {} }: RecordingRule): boolean {
  return labels.service === alert.service && (labels.cronjob === undefined || labels.cronjob === alert.cronjob);
}
