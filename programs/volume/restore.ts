/**
 * Restores the files of a volume into an empty folder, or with DRY_RUN=1 fetches and verifies all that they are made of and writes
 * nothing. Whatever is damaged or missing fails the run.
 *
 * Where: the Node image. Environment: FOLDER (where to), DRY_RUN, BUCKET, and what programs/s3/ reads; SCRATCH where it is not
 * /scratch, in which the step before left backup.index and manifest.json.
 */
import { readdirSync, readFileSync } from "node:fs";
import { Bucket } from "../s3/client.ts";
import { AT_ONCE, fetchChunk } from "./chunks.ts";
import { bytesOf, CHUNK_BYTES, type Chunk, readIndex, shownName } from "./index.ts";
import { Pool } from "./pool.ts";
import { Fill, finish, makeRoom } from "./restored.ts";

const { SCRATCH = "/scratch", FOLDER: folder = "/restored", BUCKET = "", DRY_RUN: dryRun = "" } = process.env;
const artefact = `${SCRATCH}/backup.index`;
/** What the file system itself keeps at its root. */
const LOST_AND_FOUND = "lost+found";

interface Survey {
  prefix: string;
  chunks: Map<string, Chunk>;
  files: number;
  fileBytes: number;
}

async function run(): Promise<void> {
  const survey = await surveyed();
  const { files, fileBytes, chunks } = survey;
  const bucket = new Bucket(BUCKET);
  if (dryRun === "1") {
    const pool = new Pool(AT_ONCE);
    for (const chunk of chunks.values()) {
      await pool.add(async () => {
        await fetchChunk(bucket, survey.prefix, chunk);
      });
    }
    await pool.end();
    console.log(`verified ${files} files of ${fileBytes} bytes in ${chunks.size} chunks; nothing was written`);
    return;
  }
  refuseUnlessEmpty();
  const fill = new Fill(folder, (sha256) => fetchChunk(bucket, survey.prefix, chunks.get(sha256) as Chunk));
  for await (const line of readIndex(artefact)) {
    if (line.type === "directory") makeRoom(folder, bytesOf(line.path));
    if (line.type === "file") await fill.add(bytesOf(line.path), line);
  }
  await fill.end();
  const kept = await finish(folder, () => readIndex(artefact));
  console.log(`restored ${files} files of ${fileBytes} bytes into ${folder}`);
  if (kept.otherOwners > 0) {
    console.log(`${kept.otherOwners} belong to another owner or group now: only root may give files away`);
  }
}

/** Reads the index whole: what is needed, and whether it is what the manifest says. */
async function surveyed(): Promise<Survey> {
  const survey: Survey = { prefix: "", chunks: new Map(), files: 0, fileBytes: 0 };
  const used = new Map<string, number>();
  for await (const line of readIndex(artefact)) {
    if (line.type === "index") survey.prefix = line.chunks;
    if (line.type === "chunk") survey.chunks.set(line.sha256, line);
    if ("path" in line) refuseOutside(bytesOf(line.path));
    if (line.type === "link") refuseOutside(bytesOf(line.to));
    if (line.type !== "file") continue;
    survey.files++;
    survey.fileBytes += line.size;
    for (const { sha256, at = 0, bytes } of line.parts) used.set(sha256, Math.max(used.get(sha256) ?? 0, at + bytes));
  }
  for (const [sha256, bytes] of used) {
    const chunk = survey.chunks.get(sha256);
    if (!chunk || chunk.bytes < bytes || chunk.bytes > CHUNK_BYTES) throw new Error(`chunk ${sha256} is not told of`);
  }
  const manifest = JSON.parse(readFileSync(`${SCRATCH}/manifest.json`, "utf8")) as Record<string, unknown>;
  for (const field of ["files", "fileBytes"] as const) {
    if (manifest[field] !== survey[field]) {
      throw new Error(
        `the index holds ${survey[field]} ${field}, and the manifest says ${manifest[field]}: choose another backup`,
      );
    }
  }
  return survey;
}

function refuseUnlessEmpty(): void {
  const there = readdirSync(folder).filter((name) => name !== LOST_AND_FOUND);
  if (there.length === 0) return;
  throw new Error(
    `${folder} is not empty (${there.slice(0, 3).join(", ")}): a restore never overwrites; make a new claim, or empty it`,
  );
}

/** A path that leads out of the folder is none that a backup has. */
function refuseOutside(path: string): void {
  const segments = path.split("/");
  if (path === "" || !segments.some((name) => name === "" || name === "." || name === "..")) return;
  throw new Error(`the index holds the path ${shownName(path)}, which leads elsewhere: choose another backup`);
}

// The kernel ignores the signal for a container's first process unless it asks for it.
process.once("SIGTERM", () => process.exit(143));

run().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
