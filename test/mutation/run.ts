import { createWriteStream, globSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cache, clone } from "../../cli/common/paths.ts";
import { Problem } from "../../cli/common/problem.ts";
import { toolsOnPath } from "../../sandbox/tools/index.ts";
import { judges } from "./judges.ts";
import { disagreements, listedSurvivors, readReport, type Survivor } from "./survivors.ts";

const LIST = "test/mutation/survivors.yaml";
const folder = join(cache, "mutation");

/**
 * `node test/mutation/run.ts [file ...]`: changes the files of domain/ in each small way that Stryker knows, one at a time, and
 * fails for each change that no test sees and that survivors.yaml does not list with a reason; and for what is listed there but is
 * seen, or no longer exists. What was judged before and has not changed since is taken from .cache/mutation/.
 */
async function main(files: string[]): Promise<void> {
  const all = globSync("domain/**/*.ts", { cwd: clone }).sort();
  for (const file of files) {
    if (!all.includes(file)) throw new Problem(`"${file}" is not a file of domain/; allowed is for example ${all[0]}`);
  }
  const listed = listedSurvivors(join(clone, LIST));
  const chosen = files.length > 0 ? files : all;
  let tried = 0;
  const wrong: string[] = [];
  for (const file of chosen) {
    const { mutants, survivors } = await mutate(file);
    tried += mutants;
    const lines = disagreements(
      survivors,
      listed.filter((one) => one.file === file),
    );
    wrong.push(...lines);
    print(
      `${file}: ${mutants} mutants, ${survivors.length} survive, ${lines.length} lines of the list missing or wrong`,
    );
  }
  if (files.length === 0) {
    wrong.push(
      ...disagreements(
        [],
        listed.filter(({ file }) => !all.includes(file)),
      ),
    );
  }
  for (const line of wrong) print(line);
  print(`\n${tried} mutants of ${chosen.length} files; ${wrong.length} lines of ${LIST} missing or wrong`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

async function mutate(file: string): Promise<{ mutants: number; survivors: Survivor[] }> {
  const specs = judges(file);
  const name = file.replaceAll("/", "-");
  const report = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  const options = { file, specs, report, keepsState: keepsState(file) };
  const stryker = execa(
    process.execPath,
    ["test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js", "run", "test/mutation/stryker.config.js"],
    {
      cwd: clone,
      // Each mutant of what runs at load time needs a process of its own: compiling the tests is most of its time.
      env: {
        UPKEEP_MUTATION: JSON.stringify(options),
        NODE_COMPILE_CACHE: join(cache, "node"),
        PATH: await toolsOnPath(["amtool"]),
      },
      all: true,
      reject: false,
      stdin: "ignore",
    },
  );
  stryker.all.pipe(createWriteStream(join(folder, `${name}.log`)));
  const { exitCode, all } = await stryker;
  if (exitCode !== 0) throw new Problem(`Stryker did not end well with ${file}:\n${all}`);
  return readReport(report);
}

/** Whether the module remembers something from one call to the next. */
function keepsState(file: string): boolean {
  return /^const \w+ = new Map</m.test(readFileSync(join(clone, file), "utf8"));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
