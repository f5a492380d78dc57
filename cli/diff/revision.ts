import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cachedFolder } from "../../sandbox/tools/cached.ts";
import { packageVersion, providers } from "../../standins/install.ts";
import { repository } from "../common/paths.ts";
import { Problem } from "../common/problem.ts";
import { say } from "../common/progress.ts";
import { typed } from "../common/typed.ts";

const LOCK = "package-lock.json";

/** @returns the commit's id. @throws Problem when the clone has no such commit */
export async function commitOf(ref: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const { exitCode, stdout } = await execa("git", args, { cwd: repository, reject: false });
  if (exitCode === 0) return stdout;
  throw new Problem(
    `the base is "${ref}", which is no commit of this clone; allowed: a branch, tag or commit id. Fix: git fetch origin, then ${typed("diff", "prod", "origin/main")}`,
  );
}

/**
 * Writes the commit's files to a folder, with the packages that its program needs. The clone's own files stay as they are.
 *
 * @returns the program's folder: a repository may have it below its root
 */
export async function checkOut(commit: string, folder: string): Promise<string> {
  const [root = "", below = ""] = await Promise.all([asked("--show-toplevel"), asked("--show-prefix")]);
  const archive = join(folder, ".archive.tar");
  await execa("git", ["archive", "--format=tar", `--output=${archive}`, commit], { cwd: root });
  await execa("tar", ["--extract", `--file=${archive}`], { cwd: folder });
  await execa("rm", [archive]);
  const program = join(folder, below);
  // A commit from before the program has no such folder.
  await mkdir(program, { recursive: true });
  await symlink(await packages(program), join(program, "node_modules"));
  return program;
}

async function asked(question: string): Promise<string> {
  return (await execa("git", ["rev-parse", question], { cwd: repository })).stdout;
}

/** The packages installed here if they include the folder's own, otherwise those of its lock file, installed once. */
async function packages(folder: string): Promise<string> {
  const installed = join(repository, "node_modules");
  const [own, lock] = await Promise.all([lockOf(repository), lockOf(folder)]);
  if (own === undefined || lock === undefined) {
    say(`the base is previewed with the packages that are installed here: not both have a ${LOCK} beside Pulumi.yaml`);
    return installed;
  }
  if (includes(own, lock)) return installed;
  const manifest = await readFile(join(folder, "package.json"), "utf8");
  const cached = await cachedFolder("diff-packages", [manifest, lock], async (target) => {
    await Promise.all([writeFile(join(target, "package.json"), manifest), writeFile(join(target, LOCK), lock)]);
    for (const file of ownFiles(lock)) {
      await mkdir(dirname(join(target, file)), { recursive: true });
      await cp(join(folder, file), join(target, file));
    }
    // Programs of packages are not run: what the preview needs has none.
    await execa("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: target, stdin: "ignore" });
  });
  return join(cached, "node_modules");
}

function lockOf(folder: string): Promise<string | undefined> {
  return readFile(join(folder, LOCK), "utf8").catch(() => undefined);
}

/** Whether one lock file has every package of another in the same version. */
function includes(lock: string, other: string): boolean {
  const own = packagesOf(lock);
  return Object.entries(packagesOf(other)).every(
    ([path, { version, integrity }]) =>
      path === "" || (own[path]?.version === version && own[path]?.integrity === integrity),
  );
}

/** Packages that a repository holds as a file, such as `upkeep-0.1.0.tgz`. */
function ownFiles(lock: string): string[] {
  const resolved = Object.values(packagesOf(lock)).map(({ resolved }) => /^file:(.+\.tgz)$/.exec(resolved ?? "")?.[1]);
  return resolved.filter((file) => file !== undefined && !file.startsWith("../")) as string[];
}

/** By path, such as `node_modules/zod`. */
function packagesOf(lock: string): Record<string, { version?: string; integrity?: string; resolved?: string }> {
  return JSON.parse(lock).packages;
}

/** The version of the vendors' packages for which an engine asks, as a program finds them. */
export async function providerVersions(folder: string): Promise<Record<string, string>> {
  const found = await Promise.all(
    providers.map(async (name) => [name, await packageVersion(folder, name)] as [string, string | undefined]),
  );
  return Object.fromEntries(found.filter((one): one is [string, string] => one[1] !== undefined));
}
