import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** The part of Stryker's report (mutation-testing-report-schema) that is read. */
const Report = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          replacement: z.string().optional(),
          location: z.object({
            start: z.object({ line: z.int(), column: z.int() }),
            end: z.object({ line: z.int(), column: z.int() }),
          }),
        }),
      ),
    }),
  ),
});

/** A change of the code that no test sees. It is named by what it changes, not by its line number, which moves. */
export interface Survivor {
  file: string;
  /** The line that it begins in. */
  line: string;
  /** What is written, and what is put in its place. */
  change: string;
}

/** What one file's report says: how many changes were tried, and which of them no test saw. */
export function readReport(path: string): { mutants: number; survivors: Survivor[] } {
  const { files } = Report.parse(JSON.parse(readFileSync(path, "utf8")));
  const all = Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split("\n");
    return mutants.map(({ status, replacement = "", location: { start, end } }) => {
      const written = lines.slice(start.line - 1, end.line);
      written.push((written.pop() as string).slice(0, end.column - 1));
      written[0] = (written[0] as string).slice(start.column - 1);
      const line = onOneLine(lines[start.line - 1] as string);
      return { file, line, change: `${onOneLine(written.join(" "))} → ${onOneLine(replacement)}`, status };
    });
  });
  const unseen = all.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  return { mutants: all.length, survivors: unseen.map(({ status: _, ...survivor }) => survivor) };
}

function onOneLine(code: string): string {
  return code.trim().replaceAll(/\s+/g, " ");
}

const Listed = z.array(
  z.strictObject({
    reason: z.string().min(20),
    mutants: z.record(z.string(), z.array(z.strictObject({ line: z.string(), change: z.string() })).min(1)),
  }),
);

/** The survivors that survivors.yaml allows, each with its reason. */
export function listedSurvivors(path: string): Survivor[] {
  return Listed.parse(parse(readFileSync(path, "utf8"))).flatMap(({ mutants }) =>
    Object.entries(mutants).flatMap(([file, all]) => all.map((one) => ({ file, ...one }))),
  );
}

/** One line for each survivor that is not listed, and for each that is listed and does not survive. */
export function disagreements(found: Survivor[], listed: Survivor[]): string[] {
  const [all, allowed] = [new Set(found.map(shown)), new Set(listed.map(shown))];
  return [
    ...[...all].filter((one) => !allowed.has(one)).map((one) => `no test sees   ${one}`),
    ...[...allowed].filter((one) => !all.has(one)).map((one) => `wrongly listed ${one}`),
  ];
}

function shown({ file, line, change }: Survivor): string {
  return `${file}: ${change}   in: ${line}`;
}
