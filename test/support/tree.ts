import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { execa } from "execa";

/** Names are bytes; each is a character of `latin1` here. */
const at = (root: string, name: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, "latin1")]);
/** A name that is not ASCII, as the file system keeps it. */
const utf8 = (name: string) => Buffer.from(name, "utf8").toString("latin1");

export const NOT_UTF8 = "caf\xe9 \xff\xfe.txt";

/** Bytes that no compressor shortens, the same for the same seed. */
export function noise(bytes: number, seed: string): Buffer {
  const blocks = Math.ceil(bytes / 64);
  const hashes = Array.from({ length: blocks }, (_, index) => createHash("sha512").update(`${seed} ${index}`).digest());
  return Buffer.concat(hashes).subarray(0, bytes);
}

/** Fills a folder with all that a file system can hold and a service might. */
export async function fill(root: string, owner: number): Promise<void> {
  mkdirSync(at(root, "empty folder"));
  mkdirSync(at(root, "deep/er/and/deeper"), { recursive: true });
  mkdirSync(at(root, "many"));
  writeFileSync(at(root, "empty"), "");
  writeFileSync(at(root, "plain.txt"), "text\n");
  writeFileSync(at(root, utf8("Größe ändern – 変更.txt")), "not ASCII\n");
  writeFileSync(at(root, NOT_UTF8), "not even UTF-8\n");
  writeFileSync(at(root, "a\nline\tand \"quotes\" \\ 'more'"), "odd\n");
  writeFileSync(at(root, "-rf"), "like an option\n");
  writeFileSync(at(root, "deep/er/and/deeper/file"), "deep\n");
  for (let i = 0; i < 300; i++) writeFileSync(at(root, `many/${i}`), noise(20_000, `many ${i}`));
  // At, below and above where a file is cut, and where it stops to share a chunk.
  const chunk = 4 * 1024 ** 2;
  const sizes = {
    "cut-at": chunk,
    "cut-below": chunk - 1,
    "cut-above": chunk + 1,
    shared: 1024 ** 2 - 1,
    own: 1024 ** 2,
  };
  for (const [name, bytes] of Object.entries(sizes)) writeFileSync(at(root, name), noise(bytes, name));
  const sparse = openSync(at(root, "sparse"), "w");
  writeSync(sparse, Buffer.from("begins"), 0, 6, 0);
  writeSync(sparse, Buffer.from("middle"), 0, 6, 33_000_000);
  ftruncateSync(sparse, 70_000_000);
  closeSync(sparse);
  symlinkSync("plain.txt", at(root, "link"));
  symlinkSync("/nowhere/at all", at(root, "dangling"));
  symlinkSync(Buffer.from(NOT_UTF8, "latin1"), at(root, "link to bytes"));
  linkSync(at(root, "own"), at(root, "deep/hard link"));
  linkSync(at(root, "plain.txt"), at(root, "zz hard link"));
  await execa("mkfifo", [`${root}/pipe`]);
  await settle(root, owner);
  chmodSync(at(root, "plain.txt"), 0o640);
  chmodSync(at(root, "-rf"), 0o4755);
  chmodSync(at(root, "deep/er"), 0o700);
  utimesSync(at(root, "plain.txt"), 1_000_000_000.25, 1_000_000_000.25);
  utimesSync(at(root, "empty folder"), 1_100_000_000, 1_100_000_000);
  utimesSync(at(root, "deep/er/and/deeper"), 1_200_000_000, 1_200_000_000);
}

/** Gives all of it to its owner, and a time that Node can set again: a double holds no nanoseconds of our century. */
export async function settle(root: string, owner: number): Promise<void> {
  await execa("chown", ["--recursive", "--no-dereference", `${owner}:${owner}`, root]);
  const touch = ["touch", "--no-dereference", "--date=@1700000000.25", "{}", "+"];
  await execa("find", [root, "-mindepth", "1", "-exec", ...touch]);
}

/** Removes all that is in a folder. */
export async function clear(root: string): Promise<void> {
  await execa("find", [root, "-mindepth", "1", "-not", "-name", "lost+found", "-delete"]);
}

/** What ext4 has at its root: root's own, which no one else may read. */
export function lostAndFound(root: string): void {
  mkdirSync(at(root, "lost+found"), { mode: 0o700 });
  chownSync(at(root, "lost+found"), 0, 0);
}

/** Everything under a folder but itself, as a restore should bring it back; pipes are not. */
export function described(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const inodes = new Map<bigint, string>();
  const describe = (path: string) => {
    const stat = lstatSync(at(root, path), { bigint: true });
    const facts = [(Number(stat.mode) & 0o7777).toString(8), stat.uid, stat.gid, stat.mtimeNs];
    if (stat.isDirectory()) found[path] = `directory ${facts}`;
    if (stat.isSymbolicLink()) found[path] = `symlink ${readlinkSync(at(root, path), "latin1")} ${facts.slice(1)}`;
    if (stat.isFile()) {
      const sum = createHash("sha256")
        .update(readFileSync(at(root, path)))
        .digest("hex");
      const same = inodes.get(stat.ino);
      inodes.set(stat.ino, same ?? path);
      found[path] = same ? `the same file as ${same}` : `file of ${stat.size} ${sum} ${facts}`;
    }
    if (stat.isDirectory() && path !== "lost+found")
      for (const name of readdirSync(at(root, path), "latin1").sort()) describe(`${path}/${name}`);
  };
  for (const name of readdirSync(root, "latin1").sort()) if (name !== "lost+found") describe(name);
  return found;
}
