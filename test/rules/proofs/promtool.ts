import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { PromtoolFile } from "./proof.ts";

/** A test that failed, with promtool's words. */
export interface Failure {
  name: string;
  said: string;
}

/**
 * Lets promtool run many test files in one process.
 *
 * @returns for each file its tests that failed
 * @throws Error with promtool's words where it could not run a test
 */
export async function runPromtool(files: PromtoolFile[]): Promise<Failure[][]> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-proofs-"));
  try {
    // JSON is YAML, and much faster to write.
    await Promise.all(
      files.map(async ({ rules, ...file }, index) => {
        await writeFile(join(folder, `${index}.rules`), JSON.stringify({ groups: [{ name: "proof", rules }] }));
        await writeFile(join(folder, `${index}.test`), JSON.stringify({ ...file, rule_files: [`${index}.rules`] }));
      }),
    );
    const names = files.map((_, index) => `${index}.test`);
    const { all } = await execa("promtool", ["test", "rules", "--junit=junit.xml", ...names], {
      cwd: folder,
      all: true,
      reject: false,
    });
    return readReport(await readFile(join(folder, "junit.xml"), "utf8"), files, all);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads the report, which has no element but these. */
function readReport(report: string, files: PromtoolFile[], output: string): Failure[][] {
  const suites = new Map(
    [...report.matchAll(/<testsuite name="(\d+)\.test"[^>]*>(.*?)<\/testsuite>/gs)].map(([, index, cases = ""]) => [
      Number(index),
      [...cases.matchAll(/<testcase name="([^"]*)">(?:<failure>(.*?)<\/failure>)?<\/testcase>/gs)],
    ]),
  );
  return files.map(({ tests }, index) => {
    const found = suites.get(index) ?? [];
    if (found.length !== tests.length) {
      throw new Error(`promtool ran ${found.length} of ${tests.length} tests of file ${index}: ${output.slice(-2000)}`);
    }
    return found.flatMap(([, name = "", said]) => {
      if (said === undefined) return [];
      // A rule that cannot be loaded or evaluated would pass for a mutant that a proof noticed.
      if (!/exp:.*got:/s.test(said)) throw new Error(`promtool could not run "${name}": ${said}`);
      return [{ name, said: unescaped(said) }];
    });
  });
}

function unescaped(text: string): string {
  return text.replaceAll("&#xA;", "\n").replaceAll("&#34;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">");
}
