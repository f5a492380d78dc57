import type { List, PhrasingContent, RootContent } from "mdast";
import { toMarkdown } from "mdast-util-to-markdown";
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
import { isUnchanged, type Report, type ServiceChanges } from "./report.ts";

/** By which a workflow finds the comment that it edits. */
export const MARKER = "<!-- upkeep diff -->";

/** GitHub refuses a comment of more than 65,536 characters; a workflow may add a line of its own. */
const LONGEST = 65_000;

/** How much of each part is shown, the fullest first: the first that fits is taken. */
const details = [
  { messageLines: 3, values: 8 },
  { messageLines: 1, values: 8 },
  { messageLines: 1, values: 0 },
];

/** The comment on a pull request, about one or more stacks: what matters most first, resources folded. */
export function markdownOf(reports: Report[], longest = LONGEST): string {
  const essential = (messageLines: number) => reports.map((report) => textOf(summary(report, messageLines)));
  const { messageLines } = details.find((one) => essential(one.messageLines).join("\n").length <= longest / 2) ?? {
    messageLines: 1,
  };
  const heads = essential(messageLines);
  let room = longest - MARKER.length - heads.join("\n").length;
  const parts = reports.flatMap((report, index) => {
    const folded = report.resources.flatMap((group) => {
      const text = fitting(group, room);
      room -= text.length + 1;
      return text === "" ? [] : [text];
    });
    const left = report.resources.length - folded.length;
    const note =
      left > 0 ? [`The resources of ${left} more services change too: the comment would be too long.\n`] : [];
    return [heads[index] as string, ...folded, ...note];
  });
  return [MARKER, ...parts].join("\n");
}

/** The resources of one service, in as much detail as there is room for; the empty text if there is none. */
function fitting(group: ServiceChanges, room: number): string {
  const texts = details.map(({ values }) => textOf(resources(group, values)));
  return texts.find((text) => text.length < room) ?? "";
}

function summary(report: Report, messageLines: number): RootContent[] {
  const { failure, promises, costs, removals, policies } = report;
  const title = phrasing(titleParts(report));
  if (isUnchanged(report)) return [{ type: "paragraph", children: [...title, text(": nothing changes")] }];
  const sections: [name: string, lines: Line[]][] = [
    [`Promises: ${directionsOf(promises)}`, promises.map(promiseLine)],
    ["Costs", costs.map(costLine)],
    ["Deletions and replacements", removals.map(removalLine)],
    [
      `Policies: ${policySummary(report)}`,
      policies.violations.map((violation) => violationLine(violation, messageLines)),
    ],
  ];
  return [
    { type: "heading", depth: 3, children: title },
    ...(failure.length > 0 ? [heading("The preview fails")] : []),
    ...failure.map((value): RootContent => ({ type: "code", value })),
    ...sections.filter(([, lines]) => lines.length > 0).flatMap(([name, lines]) => [heading(name), list(lines)]),
  ];
}

function resources(group: ServiceChanges, values: number): RootContent[] {
  const service = group.service === "" ? "no service" : `<code>${escapeHtml(group.service)}</code>`;
  return [
    { type: "html", value: `<details><summary>${service}: ${countsOf(group)}</summary>` },
    list(group.changes.map((change) => changeLine(change, values))),
    { type: "html", value: "</details>" },
  ];
}

function heading(value: string): RootContent {
  return { type: "paragraph", children: [{ type: "strong", children: [text(value)] }] };
}

function list(lines: Line[]): List {
  const children = lines.map((line) => ({
    type: "listItem" as const,
    spread: false,
    children: [{ type: "paragraph" as const, children: phrasing(line) }],
  }));
  return { type: "list", ordered: false, spread: false, children };
}

/**
 * What others wrote is code: there GitHub knows no markdown, no HTML, no mention, no link and no issue number, and the library makes the
 * fence longer than any that the text has.
 */
function phrasing(line: Line): PhrasingContent[] {
  return line
    .filter((part) => typeof part === "string" || part.foreign !== "")
    .map((part) => (typeof part === "string" ? text(part) : { type: "inlineCode", value: onLine(part.foreign) }));
}

/** A blank line would end the paragraph, and the code with it. */
function onLine(value: string): string {
  return value.replaceAll(/\s*[\n\r]\s*/g, " ");
}

function text(value: string): PhrasingContent {
  return { type: "text", value };
}

function textOf(children: RootContent[]): string {
  return toMarkdown({ type: "root", children }, { bullet: "-", fences: true });
}

/** Of a line inside an HTML block, which ends at an empty line. */
function escapeHtml(value: string): string {
  const line = value.replaceAll(/\s+/g, " ");
  return line.replaceAll(/[&<>"'`@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
