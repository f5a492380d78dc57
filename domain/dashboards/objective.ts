import { countedRequests } from "../alerting/indicators.ts";
import { budgetSeries, OBJECTIVE_PERIOD } from "../alerting/objectives.ts";
import { probesOf } from "../alerting/probes.ts";
import { fraction } from "../values/percent.ts";
import { curves, type Line, number } from "./panels.ts";
import type { Row } from "./row.ts";

/** The availability, what is left of its error budget, and how fast that burns. */
export const objective: Row = (service, environment) => {
  const budget = budgetSeries(service, environment);
  // Without requests and without Probes nothing is counted: the panels would stay empty.
  if (!budget || !(countedRequests(service) || probesOf(service, environment).length > 0)) return [];
  const { availability, remaining, low, succeeded, burns } = budget;
  const factors = burns.map(({ factor, severity }): Line => [factor, severity === "critical" ? "red" : "orange"]);
  return [
    number({
      title: `Availability, ${OBJECTIVE_PERIOD}`,
      description: `The share of requests that succeeded; ${availability} is promised.`,
      unit: "percentunit",
      queries: [["succeeded", succeeded]],
      span: 6,
      below: "red",
      lines: [[fraction(availability), "green"]],
    }),
    number({
      title: `Error budget left, ${OBJECTIVE_PERIOD}`,
      description: `Below 0 the objective of ${availability} is missed. ErrorBudgetLow fires below ${low * 100}%.`,
      unit: "percentunit",
      queries: [["left", remaining]],
      span: 6,
      below: "red",
      lines: [
        [0, "orange"],
        [low, "green"],
      ],
    }),
    curves({
      title: "Burn rate",
      description: `How many times faster than evenly over ${OBJECTIVE_PERIOD} the budget is spent. ErrorBudgetBurn fires above ${burns
        .map(({ window, factor }) => `${factor} over ${window}`)
        .join(", ")}.`,
      unit: "short",
      queries: burns.map(({ window, rate }) => [window, rate]),
      span: 12,
      lines: factors.sort(([one], [other]) => one - other),
    }),
  ];
};
