import type { Service } from "../declaration/service.ts";
import type { RuleEnvironment } from "../prometheus/rules.ts";
import { type AlertRule, alertRule, type RecordingRule, type RuleGroup } from "../prometheus/rules.ts";
import { formatSeconds, seconds } from "../values/duration.ts";
import { fraction, type Percent } from "../values/percent.ts";
import type { Severity } from "../values/severity.ts";
import { countedRequests, probedRequests, type Requests } from "./indicators.ts";

/** The period of an availability objective. */
export const OBJECTIVE_PERIOD = "30d";

/** Interval at which rates are recorded; a count is the sum of the recorded rates times this. */
const RECORDED_EVERY = "1m";

/** Interval of the budget's rules: the budget changes slowly, and each evaluation reads 30 days of samples. */
const BUDGET_EVERY = "5m";

/**
 * An alert fires while both of its windows burn the budget faster than its factor: the long one shows that it matters,
 * the short one that it still burns. Source: sre.google/workbook/alerting-on-slos, "Multiwindow, Multi-Burn-Rate Alerts";
 * the waits are kubernetes-mixin's.
 */
interface Burn {
  long: string;
  short: string;
  /** The share of the budget that is used when the long window burns at the factor. */
  spends: number;
  for: string;
  severity: Severity;
}

const burns: Burn[] = [
  { long: "1h", short: "5m", spends: 0.02, for: "2m", severity: "critical" },
  { long: "6h", short: "30m", spends: 0.05, for: "15m", severity: "critical" },
  { long: "1d", short: "2h", spends: 0.1, for: "1h", severity: "warning" },
  { long: "3d", short: "6h", spends: 0.1, for: "3h", severity: "warning" },
];

/** How many times faster than evenly over the period the budget burns: 14.4, 6, 3 and 1. */
const factor = ({ long, spends }: Burn) => exact((spends * seconds(OBJECTIVE_PERIOD)) / seconds(long));

/** The availability at which even a total failure would not burn fast enough to page: 93.06 %. */
export const LOWEST_AVAILABILITY = Math.ceil((1 - 1 / Math.max(...burns.map(factor))) * 1e4) / 1e4;

/** Fewer failed requests than this do not page, nor count as a spent budget: of ten requests in a quiet night, one is ten percent. */
const FAILURES_THAT_PAGE = 10;

/** The remaining share of the budget below which an alert fires. */
const LOW = 0.25;

/** The part of a service that its objectives need. */
export type MeasuredService = Pick<Service, "name" | "namespace" | "indicators" | "endpoints"> & {
  objectives: Omit<Service["objectives"], "recoveryPoint" | "recoveryTime">;
};

/** What the availability is measured by: the service's requests or, without a metric of them, its endpoints' probes. */
export function objectiveRequests(service: MeasuredService): Requests | undefined {
  return countedRequests(service) ?? probedRequests(service);
}

/**
 * The rules that measure a service's availability over 30 days, and the alerts on an error budget that burns too fast or runs out.
 *
 * Every share is a ratio of sums: a minute with many requests weighs more than one with few. Without traffic there is no
 * share: no alert, and no NaN that would spoil sums over it. The names are those of
 * prometheus.io/docs/practices/rules, and the same for all services.
 *
 * @param service as it is in the environment; without faults of objectiveFaults
 * @returns no group for a service without an availability objective
 */
export function objectiveRules(service: MeasuredService, environment: RuleEnvironment): RuleGroup[] {
  const requests = objectiveRequests(service);
  const objective = objectiveOf(service, environment);
  if (objective === undefined || requests === undefined) return [];
  const record = (name: string, expr: string): RecordingRule => ({
    record: name,
    expr,
    labels: { service: service.name, environment: environment.name },
  });
  const { series } = objective;
  return [
    {
      name: `${service.name}-error-ratios`,
      interval: RECORDED_EVERY,
      rules: [
        record(TOTAL, requests.total),
        record(FAILED, requests.failed),
        record(ratio("5m"), `${series(FAILED)} / (${series(TOTAL)} > 0)`),
        ...windows.filter((window) => window !== "5m").map((window) => record(ratio(window), share(objective, window))),
        ...burns.map((burn) => burnAlert(objective, burn)),
      ],
    },
    {
      name: `${service.name}-error-budget`,
      interval: BUDGET_EVERY,
      rules: [
        record(ratio(OBJECTIVE_PERIOD), share(objective, OBJECTIVE_PERIOD)),
        record(REMAINING, `1 - ${series(ratio(OBJECTIVE_PERIOD))} / ${objective.budget}`),
        budgetAlert(objective),
      ],
    },
  ];
}

/** An objective's recorded series, by their PromQL, for people who look at them. */
export interface BudgetSeries {
  /** The objective. */
  availability: Percent;
  /** The share of the budget that is left, below 0 where the objective is missed. */
  remaining: string;
  /** The remaining share below which an alert fires. */
  low: number;
  /** The share of requests that succeeded over the period. */
  succeeded: string;
  /** How many times faster than evenly the budget burns, over the long window of each alert, and the factor at which it fires. */
  burns: { window: string; rate: string; factor: number; severity: Severity }[];
}

/** The series that objectiveRules records; undefined for a service without rules. */
export function budgetSeries(service: MeasuredService, environment: RuleEnvironment): BudgetSeries | undefined {
  const objective = objectiveOf(service, environment);
  if (objective === undefined || objectiveRequests(service) === undefined) return undefined;
  const { availability, budget, series } = objective;
  return {
    availability,
    remaining: series(REMAINING),
    low: LOW,
    succeeded: `1 - ${series(ratio(OBJECTIVE_PERIOD))}`,
    burns: burns.map((burn) => ({
      window: burn.long,
      rate: `${series(ratio(burn.long))} / ${budget}`,
      factor: factor(burn),
      severity: burn.severity,
    })),
  };
}

function objectiveOf(service: MeasuredService, environment: RuleEnvironment): Objective | undefined {
  const availability = service.objectives.availability?.value;
  if (availability === undefined) return undefined;
  return {
    service,
    environment,
    availability,
    budget: exact(1 - fraction(availability)),
    series: (record) => `${record}{service="${service.name}",environment="${environment.name}"}`,
  };
}

interface Objective {
  service: MeasuredService;
  environment: RuleEnvironment;
  availability: Percent;
  /** The share of requests that may fail. */
  budget: number;
  /** Selects the service's series of a record. */
  series(record: string): string;
}

const TOTAL = "service:requests:rate5m";
const FAILED = "service:request_errors:rate5m";
const REMAINING = `service:error_budget_remaining:ratio${OBJECTIVE_PERIOD}`;

/** The record of the share of requests that failed within a window. */
const ratio = (window: string) => `service:request_errors:ratio${window}`;

const windows = [...new Set(burns.flatMap(({ short, long }) => [short, long]))].sort((a, b) => seconds(a) - seconds(b));

function share({ series }: Objective, window: string): string {
  return `sum_over_time(${series(FAILED)}[${window}]) / (sum_over_time(${series(TOTAL)}[${window}]) > 0)`;
}

function enoughFailures({ series }: Objective, window: string): string {
  const failures = `sum_over_time(${series(FAILED)}[${window}]) * ${seconds(RECORDED_EVERY)}`;
  return ` and ${failures} >= ${FAILURES_THAT_PAGE}`;
}

function burnAlert(objective: Objective, burn: Burn): AlertRule {
  const { service, environment, availability, budget, series } = objective;
  const { long, short, severity } = burn;
  const tooMuch = (window: string) => `${series(ratio(window))} > ${factor(burn)} * ${budget}`;
  const lasts = formatSeconds(seconds(OBJECTIVE_PERIOD) / factor(burn));
  return alertRule({ service: service.name, namespace: service.namespace }, environment, {
    name: "ErrorBudgetBurn",
    expr: `${tooMuch(long)} and ${tooMuch(short)}${severity === "critical" ? enoughFailures(objective, long) : ""}`,
    for: burn.for,
    severity,
    labels: { window: long },
    summary: `${service.name} spends its error budget more than ${factor(burn)} times as fast as it may`,
    description:
      `{{ $value | humanizePercentage }} of the requests of the last ${long} failed. The ${OBJECTIVE_PERIOD} budget of` +
      ` ${availability} availability lasts less than ${lasts} at that rate.`,
  });
}

/**
 * Never critical, however much is spent: it is about the past, and stays for up to 30 days. ErrorBudgetBurn pages for what fails now.
 */
function budgetAlert(objective: Objective): AlertRule {
  const { service, environment, availability, series } = objective;
  return alertRule({ service: service.name, namespace: service.namespace }, environment, {
    name: "ErrorBudgetLow",
    expr: `${series(REMAINING)} < ${LOW}${enoughFailures(objective, OBJECTIVE_PERIOD)}`,
    for: "15m",
    severity: "warning",
    summary: `${service.name} has less than ${LOW * 100}% of its error budget left`,
    description: `The ${OBJECTIVE_PERIOD} error budget of ${availability} availability stands at {{ $value | humanizePercentage }}; below 0 the objective is missed.`,
  });
}

/** Rounds off binary fractions: 0.001, not 0.0010000000000000009. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
