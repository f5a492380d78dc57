import {
  changeLine,
  costLine,
  countsOf,
  directionsOf,
  type Line,
  policySummary,
  promiseLine,
  removalLine,
  titleParts,
  violationLine,
} from "./lines.ts";
import { isUnchanged, type Report } from "./report.ts";

/** More than these make a line that no one reads. */
const MOST_VALUES = 8;

/** A report for a terminal: what matters most first. */
export function textOf(report: Report): string {
  const { failure, promises, costs, removals, policies, resources } = report;
  const title = plain(titleParts(report));
  if (isUnchanged(report)) return `${title}: nothing changes\n`;
  const { violations } = policies;
  const sections: [title: string, lines: Line[]][] = [
    ["the preview fails", failure.map((foreign) => [{ foreign }])],
    [`promises: ${directionsOf(promises)}`, promises.map(promiseLine)],
    ["costs", costs.map(costLine)],
    ["deletions and replacements", removals.map(removalLine)],
    [`policies: ${policySummary(report)}`, violations.map((violation) => violationLine(violation, 1))],
    ...resources.map((group): [string, Line[]] => [
      `${group.service || "no service"}: ${countsOf(group)}`,
      group.changes.map((change) => changeLine(change, MOST_VALUES)),
    ]),
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0);
  return [
    title,
    ...shown.flatMap(([name, lines]) => ["", name, ...lines.map((line) => indented(plain(line)))]),
    "",
  ].join("\n");
}

function plain(line: Line): string {
  return line.map((part) => (typeof part === "string" ? part : part.foreign)).join("");
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
