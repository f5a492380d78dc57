import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cachedFolder } from "../../sandbox/tools/cached.ts";
import { clone } from "../common/paths.ts";
import { Problem } from "../common/problem.ts";

const LOCK = "package-lock.json";

/** @returns the commit's id. @throws Problem when the clone has no such commit */
export async function commitOf(ref: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const { exitCode, stdout } = await execa("git", args, { cwd: clone, reject: false });
  if (exitCode === 0) return stdout;
  throw new Problem(
    `BASE is "${ref}", which is no commit of this clone; allowed: a branch, tag or commit id. Fix: git fetch origin, then BASE=origin/main`,
  );
}

/** Writes the commit's files to a folder, with the packages that its lock file asks for. The clone's own files stay as they are. */
export async function checkOut(commit: string, folder: string): Promise<void> {
  const archive = join(folder, ".archive.tar");
  await execa("git", ["archive", "--format=tar", `--output=${archive}`, commit], { cwd: clone });
  await execa("tar", ["--extract", `--file=${archive}`], { cwd: folder });
  await execa("rm", [archive]);
  await symlink(await packages(folder), join(folder, "node_modules"));
}

/** The clone's packages if they include the folder's own, otherwise those of its lock file, installed once. */
async function packages(folder: string): Promise<string> {
  const lock = await readFile(join(folder, LOCK), "utf8");
  if (includes(await readFile(join(clone, LOCK), "utf8"), lock)) return join(clone, "node_modules");
  const manifest = await readFile(join(folder, "package.json"), "utf8");
  const cached = await cachedFolder("diff-packages", [manifest, lock], async (target) => {
    await Promise.all([writeFile(join(target, "package.json"), manifest), writeFile(join(target, LOCK), lock)]);
    // Programs of packages are not run: what the preview needs has none.
    await execa("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: target, stdin: "ignore" });
  });
  return join(cached, "node_modules");
}

/** Whether one lock file has every package of another in the same version. */
function includes(lock: string, other: string): boolean {
  const own = packagesOf(lock);
  return Object.entries(packagesOf(other)).every(
    ([path, { version }]) => path === "" || own[path]?.version === version,
  );
}

/** By path, such as `node_modules/zod`. */
function packagesOf(lock: string): Record<string, { version?: string }> {
  return JSON.parse(lock).packages;
}

/** The version of the vendors' packages for which an engine asks, in the commit's lock file. */
export async function providerVersions(folder: string): Promise<Record<string, string>> {
  const found = packagesOf(await readFile(join(folder, LOCK), "utf8"));
  return Object.fromEntries(
    Object.entries(found).flatMap(([path, { version }]) => {
      const [, name] = /^node_modules\/@pulumi\/([a-z]+)$/.exec(path) ?? [];
      return name && version ? [[name, version]] : [];
    }),
  );
}
