/** Reads a volume. A name's bytes are its characters (`latin1`): a name need not be UTF-8. */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CHUNK_BYTES, LOST_AND_FOUND, onDisk, shownName } from "./index.ts";

/** How often to read a file that changes meanwhile, and how long to wait for its writer. */
const TRIES = 5;
const PAUSE_MILLISECONDS = 1000;

export interface Found {
  path: string;
  stat: BigIntStats;
}

/** Everything under a folder, itself first and each folder before its content; names in byte order. */
export function* walk(root: string, path = ""): Generator<Found> {
  const stat = look(root, path);
  if (!stat || (path === LOST_AND_FOUND && stat.isDirectory() && stat.uid === 0n)) return;
  yield { path, stat };
  if (!stat.isDirectory()) return;
  for (const name of namesIn(root, path)) yield* walk(root, path === "" ? name : `${path}/${name}`);
}

/** @returns undefined if it was deleted meanwhile: it counts as deleted before */
export function look(root: string, path: string): BigIntStats | undefined {
  return unlessGone(root, path, () => lstatSync(onDisk(root, path), { bigint: true }));
}

export function targetOf(root: string, path: string): string | undefined {
  return unlessGone(root, path, () => readlinkSync(onDisk(root, path), "latin1"));
}

function namesIn(root: string, path: string): string[] {
  return unlessGone(root, path, () => readdirSync(onDisk(root, path), "latin1"))?.sort() ?? [];
}

/**
 * Reads a file in pieces of at most a chunk, and again from the start if it changed meanwhile.
 *
 * @param take is called with each piece and its offset; from offset 0 again when the file is read again
 * @returns the file's metadata at that read; undefined if it was deleted or is no longer a file
 * @throws when it cannot be read, or changes every time
 */
export async function readFile(
  root: string,
  path: string,
  take: (piece: Buffer<ArrayBuffer>, at: number) => Promise<void>,
): Promise<BigIntStats | undefined> {
  for (let tried = 1; ; tried++) {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = unlessGone(root, path, () => openSync(onDisk(root, path), flags));
    if (file === undefined) return undefined;
    try {
      const before = fstatSync(file, { bigint: true });
      const size = Number(before.size);
      let at = 0;
      // One byte more than expected shows that it grew. Reading on would never end beside a writer that is as fast.
      while (at <= size) {
        const piece = readPiece(root, path, file, at, size - at);
        if (piece.length === 0) break;
        await take(piece, at);
        at += piece.length;
      }
      if (same(before, fstatSync(file, { bigint: true })) && at === size) return before;
    } finally {
      closeSync(file);
    }
    if (tried === TRIES) {
      throw new Error(
        `${root}/${shownName(path)} changed each of the ${TRIES} times that it was read: nothing is published; read a clone of the volume (cloneClass), or pause what writes it`,
      );
    }
    await sleep(PAUSE_MILLISECONDS);
  }
}

/** @param left expected remaining bytes; one more is read at the end, to see whether the file grew */
function readPiece(root: string, path: string, file: number, at: number, left: number): Buffer<ArrayBuffer> {
  const buffer = Buffer.allocUnsafeSlow(Math.max(1, Math.min(CHUNK_BYTES, left)));
  let filled = 0;
  while (filled < buffer.length) {
    const read = readable(root, path, () => readSync(file, buffer, filled, buffer.length - filled, at + filled));
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}

function same(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

function unlessGone<T>(root: string, path: string, ask: () => T): T | undefined {
  try {
    return readable(root, path, ask);
  } catch (error) {
    const { code } = (error as Error).cause as NodeJS.ErrnoException;
    // The root is never gone: a volume that is not mounted is no empty one. A file may have become a link or a socket.
    if (path !== "" && (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENXIO"))
      return undefined;
    throw error;
  }
}

/** @throws with the path and the fix if it cannot be read */
function readable<T>(root: string, path: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const denied = code === "EACCES" || code === "EPERM";
    const fix = denied
      ? `correct its mode, or the declared uid and gid, which are ${process.getuid?.()} and ${process.getgid?.()}`
      : "look at the volume";
    throw new Error(`${root}/${shownName(path)} cannot be read: ${message}; nothing is published; ${fix}`, {
      cause: error,
    });
  }
}
