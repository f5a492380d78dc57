import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { cache } from "../../cli/common/paths.ts";
import { say } from "../../cli/common/progress.ts";

/** Lists a cached folder's files; written last, so a folder without it is not whole. */
const MANIFEST = "manifest.json";

interface Entry {
  size: number;
  modified: number;
  executable: boolean;
  sha256: string;
}

const ready = new Map<string, Promise<string>>();

/**
 * The folder `.cache/<name>-<hash of inputs>`, built on first use and whenever a file of it was lost or changed since.
 *
 * It is filled under another name and renamed when whole: a build that is killed, or two at once, leave nothing half.
 *
 * @param inputs everything that the folder's content depends on
 * @param build fills `folder`, which will be renamed to `final`
 * @returns the absolute path
 */
export function cachedFolder(
  name: string,
  inputs: readonly (string | Buffer)[],
  build: (folder: string, final: string) => Promise<void>,
): Promise<string> {
  const key = `${name}-${digest(inputs)}`;
  const known = ready.get(key) ?? ensure(key, build);
  ready.set(key, known);
  return known;
}

/** Where the cache really is: two clones may share one, and what is built must not point into the other. */
export async function cacheRoot(): Promise<string> {
  await mkdir(cache, { recursive: true });
  return realpath(cache);
}

/** The first 16 hexadecimal digits of the inputs' SHA-256. */
export function digest(inputs: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const input of inputs) hash.update(`${input.length}\n`).update(input);
  return hash.digest("hex").slice(0, 16);
}

async function ensure(key: string, build: (folder: string, final: string) => Promise<void>): Promise<string> {
  const folder = join(await cacheRoot(), key);
  if (existsSync(folder)) {
    const damage = await findDamage(folder);
    if (!damage) return folder;
    say(`.cache/${key} is corrupt (${damage}): making it again`);
    await rm(folder, { recursive: true, force: true });
  }
  await removeAbandoned(folder);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    await build(partial, folder);
    await writeFile(join(partial, MANIFEST), JSON.stringify(await manifest(partial), null, 1));
    await rename(partial, folder).catch(async (error) => {
      // Another process finished the same folder first.
      if (!existsSync(folder) || (await findDamage(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

/** Removes what builds that were killed left behind. */
async function removeAbandoned(folder: string): Promise<void> {
  const siblings = await readdir(dirname(folder)).catch(() => []);
  for (const sibling of siblings) {
    const pid = sibling.startsWith(`${basename(folder)}.partial-`) && Number(sibling.split("-").at(-1));
    if (pid && !existsSync(`/proc/${pid}`)) await rm(join(dirname(folder), sibling), { recursive: true, force: true });
  }
}

/** What is wrong with a cached folder, or undefined. A file is hashed only when its time of change is not the recorded one. */
async function findDamage(folder: string): Promise<string | undefined> {
  let recorded: Record<string, Entry>;
  try {
    recorded = JSON.parse(await readFile(join(folder, MANIFEST), "utf8"));
  } catch {
    return `${MANIFEST} is missing or unreadable`;
  }
  for (const [file, entry] of Object.entries(recorded)) {
    const path = join(folder, file);
    // There may be thousands of files: to wait for each would take seconds.
    const now = statSync(path, { throwIfNoEntry: false });
    if (!now) return `${file} is missing`;
    if (now.size !== entry.size) return `${file} has ${now.size} bytes instead of ${entry.size}`;
    if (entry.executable && !(now.mode & 0o100)) return `${file} is not executable`;
    if (now.mtimeMs !== entry.modified && (await sha256(path)) !== entry.sha256) return `${file} has another content`;
  }
  return undefined;
}

async function manifest(folder: string): Promise<Record<string, Entry>> {
  const entries: Record<string, Entry> = {};
  for (const item of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!item.isFile()) continue;
    const path = join(item.parentPath, item.name);
    const { size, mtimeMs, mode } = await stat(path);
    const executable = (mode & 0o100) !== 0;
    entries[relative(folder, path)] = { size, modified: mtimeMs, executable, sha256: await sha256(path) };
  }
  return entries;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
