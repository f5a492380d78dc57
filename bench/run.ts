import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { clone } from "../cli/common/paths.ts";
import { policyPack } from "../cli/engine.ts";
import { diffCosts } from "./diff.ts";
import { emptyPack } from "./emptyPack.ts";
import { type Cost, type Previews, previews } from "./preview.ts";
import { flat, ours } from "./project.ts";

/** One line of the result: our number and its yardstick, both measured in this run. */
interface Line {
  what: string;
  result: string;
  target: string;
  met: boolean;
}

const ROUNDS = 3;
const { values } = parseArgs({
  options: { services: { type: "string", multiple: true, default: ["5", "50", "200"] } },
});
const lines: Line[] = [];
/** Folders to remove. */
const temporary: string[] = [];

try {
  await benchPreview();
  await benchDiff();
  for (const count of values.services) await benchServices(Number(count));
  await benchSeconds("type check", ["tsc"], 8);
  await benchSeconds("unit tests", ["mocha", "--reporter=dot"], 15);
} finally {
  // What was measured is shown although what came after it failed.
  for (const { what, result, target, met } of lines) {
    process.stdout.write(
      `${what.padEnd(52)} ${result.padEnd(30)} target ${target.padEnd(22)} ${met ? "met" : "missed"}\n`,
    );
  }
  await Promise.all(temporary.map((folder) => rm(folder, { recursive: true, force: true })));
}
process.exitCode = lines.every(({ met }) => met) ? 0 : 1;

/** The preview of prod and the yardsticks, alternating, so that load on the machine affects all. */
async function benchPreview(): Promise<void> {
  const { program, yardstick } = await pair(5);
  const empty = await emptyPack();
  temporary.push(empty.folder);
  const costs = { bare: [] as Cost[], plain: [] as Cost[], empty: [] as Cost[], judged: [] as Cost[] };
  for (let round = 0; round < ROUNDS; round++) {
    costs.bare.push(await yardstick.cost());
    costs.plain.push(await program.cost());
    costs.empty.push(await program.cost(empty.executable));
    costs.judged.push(await program.cost(policyPack));
  }
  const seconds = (of: keyof typeof costs) => median(costs[of].map((cost) => cost.seconds));
  ratio("preview of prod, without the pack", seconds("plain"), seconds("bare"), 1.15);
  ratio("preview of prod, with the pack", seconds("judged"), seconds("bare"), 1.6);
  ratio("preview of prod, with and without the pack", seconds("judged"), seconds("plain"), 1.25);
  ratio("preview of prod, with and without an empty pack", seconds("empty"), seconds("plain"), 1.25);
}

/** A diff beside one preview: the base's preview is made once for each commit. */
async function benchDiff(): Promise<void> {
  const project = await ours(5);
  temporary.push(project.folder);
  const costs = await diffCosts(project, ROUNDS);
  const preview = median(costs.map((cost) => cost.preview));
  ratio("diff of prod, the base's preview cached", median(costs.map(({ cached }) => cached)), preview, 1.6);
  ratio("diff of prod against a new commit", median(costs.map(({ cold }) => cold)), preview, 2.2);
}

/** Time and memory per resource, compared with a yardstick of the same size. */
async function benchServices(count: number): Promise<void> {
  const { program, yardstick, resources } = await pair(count);
  const [mine, bare] = [await program.cost(), await yardstick.cost()];
  // Each program's own resources: components are resources too, and the yardstick has none.
  const each = (of: (cost: Cost) => number) => [of(mine) / resources.ours, of(bare) / resources.flat] as const;
  const what = `${count} services, ${resources.ours} resources:`;
  compare(`${what} time for each`, ...each(({ seconds }) => seconds * 1000), "ms");
  compare(`${what} memory for each`, ...each(({ mebibytes }) => mebibytes * 1024), "KiB");
}

async function pair(count: number): Promise<{
  program: Previews;
  yardstick: Previews;
  resources: { ours: number; flat: number };
}> {
  const project = await ours(count);
  const program = await previews(project);
  const steps = await program.steps();
  const yardstickProject = await flat(project, steps);
  temporary.push(project.folder, yardstickProject.folder);
  const yardstick = await previews(yardstickProject);
  return { program, yardstick, resources: { ours: steps.length, flat: (await yardstick.steps()).length } };
}

async function benchSeconds(what: string, [command, ...args]: [string, ...string[]], most: number): Promise<void> {
  const start = performance.now();
  await execa(join(clone, "node_modules/.bin", command), args, { cwd: clone });
  const seconds = (performance.now() - start) / 1000;
  lines.push({ what, result: `${seconds.toFixed(1)} s`, target: `at most ${most} s`, met: seconds <= most });
}

function ratio(what: string, mine: number, bare: number, target: number): void {
  const result = `${mine.toFixed(2)} s / ${bare.toFixed(2)} s = ${(mine / bare).toFixed(2)}`;
  lines.push({ what, result, target: `at most ${target}`, met: mine / bare <= target });
}

function compare(what: string, mine: number, bare: number, unit: string): void {
  const result = `${mine.toFixed(1)} ${unit}, flat ${bare.toFixed(1)}`;
  lines.push({ what, result, target: "no worse than flat", met: mine <= bare });
}

function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}
