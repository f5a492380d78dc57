import { answeredWithin, countedRequests } from "../alerting/indicators.ts";
import type { Service } from "../declaration/service.ts";
import { latencySeconds } from "../values/duration.ts";
import { fraction } from "../values/percent.ts";
import { curves } from "./panels.ts";
import type { Row } from "./row.ts";

/** Percentiles that are shown beside the promised ones. */
const PERCENTILES = [50, 95, 99];

/** Requests, the share that fails, and how fast they are answered. */
export const requests: Row = (service) => [...counted(service), ...percentiles(service)];

function counted(service: Service) {
  const counter = countedRequests(service);
  if (!counter) return [];
  const below = service.objectives.errorRate?.below.value;
  return [
    curves({
      title: "Requests",
      description: "Requests a second, over 5 minutes.",
      unit: "reqps",
      queries: [
        ["all", counter.total],
        ["failed", counter.failed],
      ],
      span: 8,
    }),
    curves({
      title: "Errors",
      description: `The share of requests that failed.${below ? ` ErrorRateHigh fires above ${below}.` : ""}`,
      unit: "percentunit",
      queries: [["failed", `(${counter.failed}) / (${counter.total} > 0)`]],
      span: 8,
      ...(below && { lines: [[fraction(below), "red"]] }),
    }),
  ];
}

function percentiles(service: Service) {
  const { duration } = service.indicators;
  if (!duration) return [];
  const promised = service.objectives.latency ?? [];
  const shown = [...new Set([...PERCENTILES, ...promised.map(({ percentile }) => percentile)])].sort((a, b) => a - b);
  const promises = promised.map(({ percentile, below }) => `${percentile}% in less than ${below.value}`);
  return [
    curves({
      title: "Percentiles",
      description: `The time within which a share of the requests is answered.${promises.length > 0 ? ` Promised: ${promises.join(", ")}.` : ""}`,
      unit: "s",
      queries: shown.map((percentile) => [`${percentile}%`, answeredWithin(service, duration, percentile)]),
      span: 8,
      ...(promised.length > 0 && { lines: lines(promised.map(({ below }) => latencySeconds(below.value))) }),
    }),
  ];
}

function lines(bounds: number[]) {
  return [...new Set(bounds)].sort((a, b) => a - b).map((bound) => [bound, "red"] as const);
}
