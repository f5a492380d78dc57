/** Reads a volume's backup from S3 and verifies it. */
import { readFileSync } from "node:fs";
import type { Bucket } from "../s3/client.ts";
import { AT_ONCE, fetchChunk } from "./chunks.ts";
import { bytesOf, CHUNK_BYTES, type Chunk, readIndex, shownName } from "./index.ts";
import { Pool } from "./pool.ts";

const { SCRATCH = "/scratch" } = process.env;

/** The index from the previous step. */
export const artefact = `${SCRATCH}/backup.index`;

export interface Survey {
  prefix: string;
  chunks: Map<string, Chunk>;
  files: number;
  fileBytes: number;
}

/** Reads the index whole: which chunks it needs, and whether it matches the manifest. */
export async function surveyed(): Promise<Survey> {
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

/** Fetches every chunk and compares it with its hash; keeps none. @throws if one is missing or damaged */
export async function verify(bucket: Bucket, { prefix, chunks }: Survey): Promise<void> {
  const pool = new Pool(AT_ONCE);
  for (const chunk of chunks.values()) {
    await pool.add(async () => {
      await fetchChunk(bucket, prefix, chunk);
    });
  }
  await pool.end();
}

/** No backup has a path that leads out of the folder. */
function refuseOutside(path: string): void {
  const segments = path.split("/");
  if (path === "" || !segments.some((name) => name === "" || name === "." || name === "..")) return;
  throw new Error(`the index holds the path ${shownName(path)}, which leads elsewhere: choose another backup`);
}
