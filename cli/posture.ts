import Table from "cli-table3";
import { type Posture, posture, type ServicePosture } from "../domain/posture.ts";
import { severities } from "../domain/values/severity.ts";
import { declared } from "./declared.ts";
import { knownStack } from "./preview.ts";

/** `make posture STACK=…`: what the stack's files declare, as a table. The stack's output `posture` is the same as JSON. */
export async function run([name]: string[]): Promise<void> {
  const { environment, maintained } = await declared(await knownStack("posture", name));
  process.stdout.write(`${postureTable(posture(environment, maintained))}\n`);
}

const borders = [
  ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
  ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
];

/** One row per promise: the value, its origin, and what keeps it. */
export function postureTable({ services }: Posture): string {
  const table = new Table({
    head: ["service", "promise", "value", "source", "kept by"],
    colWidths: [null, null, null, null, 60],
    wordWrap: true,
    chars: Object.fromEntries(borders.map((border) => [border, ""])),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
  });
  for (const service of services) {
    const rows = promises(service);
    rows.forEach((row, index) => {
      table.push([index === 0 ? service.name : "", ...row]);
    });
  }
  return table.toString();
}

function promises(service: ServicePosture): [string, string, string, string][] {
  const { availability, errorRate, recoveryPoint, recoveryTime, monitor } = service;
  return [
    ...Object.entries({ availability, "errors below": errorRate }).flatMap(
      ([what, one]): [string, string, string, string][] => (one ? [[what, one.promised, one.source, one.keptBy]] : []),
    ),
    ...service.latency.map(({ percentile, promised, source, keptBy }): [string, string, string, string] => [
      `p${percentile} below`,
      promised,
      source,
      keptBy,
    ]),
    ["lose at most", recoveryPoint.promised, recoveryPoint.source, recoveryPoint.keptBy],
    ["restore within", recoveryTime.promised, recoveryTime.source, recoveryTime.keptBy],
    ...service.backups.flatMap(
      ({
        datastore,
        keep,
        schedule,
        job,
        source,
        margin,
        takes,
        recoveryPoint: own,
      }): [string, string, string, string][] => [
        [
          `backup of ${datastore}`,
          `${schedule}, kept ${keep}`,
          source,
          `${job}, ${margin.startsWith("-") ? `${margin.slice(1)} too much` : `${margin} to spare`}`,
        ],
        ...(own
          ? [[`lose at most of ${datastore}`, own.promised, own.source, job] as [string, string, string, string]]
          : []),
        ...(takes
          ? [
              [`it takes ${datastore}`, `less than ${takes.within}`, takes.source, takes.sum] as [
                string,
                string,
                string,
                string,
              ],
            ]
          : []),
      ],
    ),
    ...service.continuous.map(({ datastore, by, within, source, drill }): [string, string, string, string] => [
      `continuous backup of ${datastore}`,
      `loses at most ${within}`,
      source,
      `${by}; drill ${drill}`,
    ]),
    ...service.unprotected.map(({ datastore, reason }): [string, string, string, string] => [
      `no backup of ${datastore}`,
      "",
      "",
      reason,
    ]),
    ...Object.entries(service.endpoints).map(([name, urls]): [string, string, string, string] => [
      `answers at ${name}`,
      urls.length === 1 ? "1 address" : `${urls.length} addresses`,
      "",
      urls[0] as string,
    ]),
    ...(monitor
      ? [["checked", monitor.schedule, monitor.source, monitor.job] as [string, string, string, string]]
      : []),
    ...(service.jobs ?? []).map(({ job, runs, source = "", window }): [string, string, string, string] => [
      "job",
      runs,
      source,
      window === undefined ? job : `${job}, within window ${window}`,
    ]),
    ...service.autoscalers.map(({ workload, min, max, cpu }): [string, string, string, string] => [
      `${workload} scales`,
      `${min} to ${max} pods`,
      "",
      `at ${cpu} CPU`,
    ]),
    ...service.windows.map(({ name, opens, lasts, source }): [string, string, string, string] => [
      `window ${name}`,
      lasts,
      source,
      opens,
    ]),
    ...severities.map((severity): [string, string, string, string] => [
      `${severity} notifies`,
      service.told[severity].join(", ") || "no one",
      "",
      alertsOf(service, severity),
    ]),
  ];
}

function alertsOf({ alerts }: ServicePosture, severity: string): string {
  const names = new Set(alerts.filter((one) => one.severity === severity).map(({ alert }) => alert));
  return names.size === 1 ? "1 alert" : `${names.size} alerts`;
}
