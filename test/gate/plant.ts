import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

/** What `.ci/run` needs of the repository beside the suites. */
const PARTS = [".ci", "Makefile", "package.json", "package-lock.json", "cli", "sandbox"];
const RUNNER = ["run.ts", "suite.ts", "child.ts", "reporter.ts"];

/** Takes the place of `npm ci`: links the packages that are here already. */
const LINK_PACKAGES = `mkdir node_modules && ln -s '${clone}'/node_modules/* '${clone}/node_modules/.bin' node_modules/`;

/** Runs what follows as someone who is not root. */
const NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

/** What it finds when itself called by a `make test SUITE=other`. */
const CALLED_BY_MAKE = { MAKEFLAGS: " -- SUITE=other", MAKELEVEL: "1", SUITE: "other" };

export interface Planted {
  /** The text of each suite's only test file. */
  suites: Record<string, string>;
  /** Fields of test/suites.json other than the usual. */
  fields?: object;
  /** Fields of single suites. */
  own?: Record<string, object>;
  /** What sandbox/cli.ts does. */
  command?: string;
  /** What `npm ci` does. */
  install?: string;
  /** Whether someone runs it who is not root. */
  ordinary?: boolean;
}

export interface Run {
  exitCode: number | undefined;
  output: string;
  lastLine: string | undefined;
  /** What the run left in the folder for temporary files. */
  left: string[];
}

/** Runs `.ci/run` of a repository that has only the given suites. */
export async function ciRun(planted: Planted): Promise<Run> {
  const { suites, fields = {}, own = {}, command, install = LINK_PACKAGES, ordinary = false } = planted;
  const scratch = await mkdtemp(join(tmpdir(), "upkeep-gate-"));
  try {
    const repository = join(scratch, "repository");
    for (const part of PARTS) await cp(join(clone, part), join(repository, part), { recursive: true });
    for (const file of RUNNER) await cp(join(clone, "test", file), join(repository, "test", file));
    const entries = Object.keys(suites).map((name) => ({
      ...{ name, specs: [`test/${name}.test.ts`], tests: 1, minutes: 1 },
      ...own[name],
      ...fields,
    }));
    await writeFile(join(repository, "test/suites.json"), JSON.stringify(entries));
    for (const [name, text] of Object.entries(suites)) await writeFile(join(repository, `test/${name}.test.ts`), text);
    if (command) await writeFile(join(repository, "sandbox/cli.ts"), command);
    await commitAll(repository);

    const [bin, temporary] = [join(scratch, "bin"), join(scratch, "tmp")];
    await mkdir(bin);
    await mkdir(temporary);
    await writeFile(join(bin, "npm"), `#!/bin/sh\n${install}\n`);
    await chmod(join(bin, "npm"), 0o755);
    const path = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
    const changesUser = ordinary && process.getuid?.() === 0;
    if (changesUser) await execa("chown", ["--recursive", "nobody:nogroup", scratch]);
    const [program = "", ...args] = [...(changesUser ? NOBODY : []), join(repository, ".ci/run")];
    const env = { PATH: path, TMPDIR: temporary, HOME: scratch, ...CALLED_BY_MAKE };
    const { exitCode, all } = await execa(program, args, { all: true, reject: false, stdin: "ignore", env });
    return { exitCode, output: all, lastLine: all.split("\n").at(-1), left: await readdir(temporary) };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function commitAll(repository: string): Promise<void> {
  const git = execa({ cwd: repository });
  await git`git init --quiet`;
  await git`git add --all --force`;
  await git`git -c user.name=test -c user.email=test@example.com -c commit.gpgsign=false commit --quiet --message planted`;
}
