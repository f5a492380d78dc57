/**
 * Backs up the files of a volume, straight to S3: their content as chunks named by their hashes, of which it uploads only new ones, and
 * the index in /scratch/backup.index. Needs scratch space for that index only.
 *
 * Where: the Node image, as the user that owns the files, the volume mounted read-only. Environment: VOLUME (its folder), BUCKET,
 * PREFIX (ends with /), and what programs/s3/ reads.
 * Writes the manifest's fields to /scratch/about.json, once the index was read back whole and S3 lists every chunk in it.
 */
import type { BigIntStats } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { release, type } from "node:os";
import { setImmediate as breathe } from "node:timers/promises";
import { Bucket } from "../s3/client.ts";
import { Chunks } from "./chunks.ts";
import { holdLastGood } from "./hold.ts";
import { type Chunk, type File, IndexWriter, named, type Part, readIndex, SCHEMA, shownName } from "./index.ts";
import { PACKED_BELOW, Packs } from "./packs.ts";
import { look, readFile, targetOf, walk } from "./walk.ts";
import { chunksOf } from "./week.ts";

const artefact = "/scratch/backup.index";
const about = "/scratch/about.json";

/** How often to retry a path whose type changes each time. */
const TRIES = 5;

const PERMISSIONS = 0o7777n;

const { VOLUME: root = "/volume", BUCKET: bucketName = "", PREFIX: folder = "" } = process.env;

/** Sockets, pipes and devices are useless without the process that created them. */
let left = 0;

async function run(): Promise<void> {
  for (const file of [artefact, about]) rmSync(file, { force: true });
  const startedAt = new Date().toISOString().replace(/\.\d+/, "");
  const prefix = folder + chunksOf(new Date(startedAt));
  const bucket = new Bucket(bucketName);
  await holdLastGood(bucket, folder);
  const index = new IndexWriter(artefact);
  await index.add({ type: "index", schema: SCHEMA, startedAt, chunks: prefix });
  const chunks = new Chunks(bucket, prefix, await listed(bucket, prefix), (chunk) => index.add(chunk));
  const packs = new Packs(chunks, (file) => index.add(file));

  const links = new Map<string, string>();
  for (const { path } of walk(root)) {
    await record(path, index, chunks, packs, links);
    // Reading without a pause would starve the uploads until they time out.
    await breathe();
  }
  await packs.flush();
  await chunks.end();
  await index.end();

  const { files, fileBytes } = await readBack(await listed(bucket, prefix));
  if (files === 0) {
    throw new Error(
      `the volume holds no file: it is not published; correct the declared claim, or the path that the service writes to`,
    );
  }
  const facts = {
    kind: "volume",
    startedAt,
    serverVersion: `${type()} ${release()}`,
    clientVersion: process.version,
    content: { files, fileBytes, chunks: chunks.count, bytesUploaded: chunks.sent.bytes },
  };
  writeFileSync(about, `${JSON.stringify(facts)}\n`);
  if (left > 0) console.log(`left out ${left} sockets, pipes and devices: they hold nothing`);
  console.log(
    `backed up ${files} files of ${fileBytes} bytes in ${chunks.count} chunks, of which ${chunks.sent.objects} are new: ${chunks.sent.bytes} bytes uploaded; read back whole`,
  );
}

/** Adds what is at a path to the index; nothing if it was deleted meanwhile. */
async function record(path: string, index: IndexWriter, chunks: Chunks, packs: Packs, links: Map<string, string>) {
  for (let tried = 1; tried <= TRIES; tried++) {
    const stat = look(root, path);
    if (!stat) return;
    if (stat.isDirectory()) return index.add({ type: "directory", ...attributes(path, stat) });
    if (stat.isSymbolicLink()) {
      const target = targetOf(root, path);
      if (target === undefined) continue;
      return index.add({ type: "symlink", ...attributes(path, stat), target: named(target) });
    }
    if (!stat.isFile()) {
      left++;
      return;
    }
    const identity = `${stat.dev}:${stat.ino}`;
    const first = links.get(identity);
    if (first !== undefined) return index.add({ type: "link", path: named(path), to: named(first) });
    const read = await (stat.size < PACKED_BELOW ? packed(path, packs) : cut(path, chunks));
    if (!read) continue;
    if (read.stat.nlink > 1n) links.set(identity, path);
    if (read.file) await index.add(read.file);
    return;
  }
  throw new Error(`${root}/${shownName(path)} was another thing each of the ${TRIES} times that it was looked at`);
}

/** A large file: split at fixed offsets. */
async function cut(path: string, chunks: Chunks): Promise<{ stat: BigIntStats; file?: File } | undefined> {
  let parts: Part[] = [];
  const stat = await readFile(root, path, async (piece, at) => {
    if (at === 0) parts = [];
    parts.push({ sha256: await chunks.add(piece), bytes: piece.length });
    await breathe();
  });
  return stat && { stat, file: { type: "file", ...attributes(path, stat), size: Number(stat.size), parts } };
}

/** A small file: it shares a chunk with others, and is added to the index when that chunk is full. */
async function packed(path: string, packs: Packs): Promise<{ stat: BigIntStats; file?: File } | undefined> {
  let pieces: Buffer[] = [];
  const stat = await readFile(root, path, async (piece, at) => {
    if (at === 0) pieces = [];
    pieces.push(piece);
  });
  if (!stat) return undefined;
  const file: File = { type: "file", ...attributes(path, stat), size: Number(stat.size), parts: [] };
  if (stat.size === 0n) return { stat, file };
  await packs.add(path, file, Buffer.concat(pieces));
  return { stat };
}

function attributes(path: string, { mode, uid, gid, mtimeNs }: BigIntStats) {
  const permissions = Number(mode & PERMISSIONS);
  return { path: named(path), mode: permissions, uid: Number(uid), gid: Number(gid), mtime: String(mtimeNs) };
}

/** Size of each object under a prefix, by name. */
async function listed(bucket: Bucket, prefix: string): Promise<Map<string, number>> {
  const there = new Map<string, number>();
  for await (const { key, bytes } of bucket.list(prefix)) there.set(key.slice(prefix.length), bytes);
  return there;
}

/** Reads the index back, and compares each chunk in it with what S3 lists. */
async function readBack(there: Map<string, number>): Promise<{ files: number; fileBytes: number }> {
  let files = 0;
  let fileBytes = 0;
  const used = new Set<string>();
  const checked = new Set<string>();
  for await (const line of readIndex(artefact)) {
    if (line.type === "chunk") checked.add(check(line, there));
    if (line.type !== "file") continue;
    files++;
    fileBytes += line.size;
    for (const { sha256 } of line.parts) used.add(sha256);
    const sum = line.parts.reduce((total, { bytes }) => total + bytes, 0);
    if (sum !== line.size) throw new Error(`the index holds ${sum} of the ${line.size} bytes of a file`);
  }
  for (const sha256 of used) if (!checked.has(sha256)) throw new Error(`the index does not tell of chunk ${sha256}`);
  return { files, fileBytes };
}

function check({ sha256, stored }: Chunk, there: Map<string, number>): string {
  const bytes = there.get(sha256);
  if (bytes === stored) return sha256;
  const found = bytes === undefined ? "not there" : `${bytes} bytes long`;
  throw new Error(`chunk ${sha256} of ${stored} bytes is ${found} in S3: nothing is published`);
}

// The kernel ignores the signal for a container's first process unless it asks for it.
process.once("SIGTERM", () => process.exit(143));

run().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
