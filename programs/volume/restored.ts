/** Restored files: first their content, chunk by chunk, then their metadata. */
import { hash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { AT_ONCE } from "./chunks.ts";
import {
  bytesOf,
  CHUNK_BYTES,
  type Directory,
  type File,
  type Line,
  LOST_AND_FOUND,
  type Name,
  onDisk,
  type Symlink,
} from "./index.ts";
import { Pool } from "./pool.ts";

/** A whole chunk of zeros becomes a hole, which needs no disk space. */
const HOLE = hash("sha256", Buffer.alloc(CHUNK_BYTES));

interface Write {
  path: string;
  /** Offset in the file, offset in the chunk, and size. */
  offset: number;
  at: number;
  bytes: number;
}

/** Whether a folder belongs to a new volume: its root, and ext4's own, whose owner may have been changed. */
function fileSystems(path: string): boolean {
  return path === "" || path === LOST_AND_FOUND;
}

/** @param path of a folder whose parent exists */
export function makeRoom(root: string, path: string): void {
  if (!fileSystems(path)) mkdirSync(onDisk(root, path), { mode: 0o700 });
}

/** Fills files from their chunks. Consecutive files that share a chunk fetch it once. */
export class Fill {
  readonly #root: string;
  readonly #fetch: (sha256: string) => Promise<Buffer>;
  readonly #pool = new Pool(AT_ONCE);
  #sha256 = "";
  #writes: Write[] = [];

  constructor(root: string, fetch: (sha256: string) => Promise<Buffer>) {
    this.#root = root;
    this.#fetch = fetch;
  }

  async add(path: string, { size, parts }: File): Promise<void> {
    const file = openSync(onDisk(this.#root, path), "wx", 0o600);
    try {
      ftruncateSync(file, size);
    } finally {
      closeSync(file);
    }
    let offset = 0;
    for (const { sha256, at = 0, bytes } of parts) {
      if (sha256 !== HOLE) {
        if (sha256 !== this.#sha256) await this.#dispatch();
        this.#sha256 = sha256;
        this.#writes.push({ path, offset, at, bytes });
      }
      offset += bytes;
    }
  }

  async end(): Promise<void> {
    await this.#dispatch();
    await this.#pool.end();
  }

  async #dispatch(): Promise<void> {
    const [sha256, writes] = [this.#sha256, this.#writes];
    this.#writes = [];
    if (writes.length > 0) await this.#pool.add(async () => write(this.#root, writes, await this.#fetch(sha256)));
  }
}

function write(root: string, writes: Write[], content: Buffer): void {
  for (const { path, offset, at, bytes } of writes) {
    const file = openSync(onDisk(root, path), "r+");
    try {
      for (let done = 0; done < bytes; ) done += writeSync(file, content, at + done, bytes - done, offset + done);
    } finally {
      closeSync(file);
    }
  }
}

/**
 * Makes links, and gives everything its owner, permissions and time; folders last, for what is made in them changes their time.
 *
 * @returns how many things could not get their owner back
 */
export async function finish(root: string, lines: () => AsyncGenerator<Line>): Promise<{ otherOwners: number }> {
  let otherOwners = 0;
  const folders: Directory[] = [];
  for await (const line of lines()) {
    if (line.type === "directory") folders.push(line);
    if (line.type === "symlink") symlinkSync(Buffer.from(bytesOf(line.target), "latin1"), at(root, line));
    if (line.type === "link") linkSync(onDisk(root, bytesOf(line.to)), onDisk(root, bytesOf(line.path)));
    if (line.type === "file" || line.type === "symlink") otherOwners += giveBack(root, line);
  }
  for (const folder of folders.reverse()) if (!fileSystems(bytesOf(folder.path))) otherOwners += giveBack(root, folder);
  return { otherOwners };
}

/** @returns 1 if owner or group differ */
function giveBack(root: string, line: File | Directory | Symlink): number {
  const path = at(root, line);
  const seconds = secondsOf(BigInt(line.mtime));
  const other = own(path, line.uid, line.gid) ? 0 : 1;
  if (line.type === "symlink") {
    lutimesSync(path, seconds, seconds);
  } else {
    chmodSync(path, line.mode);
    utimesSync(path, seconds, seconds);
  }
  return other;
}

/** Whole seconds and the fraction separately: together they exceed a double's precision. */
function secondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9;
}

function own(path: Buffer, uid: number, gid: number): boolean {
  try {
    lchownSync(path, uid, gid);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPERM") return false;
    throw error;
  }
}

function at(root: string, { path }: { path: Name }): Buffer {
  return onDisk(root, bytesOf(path));
}
