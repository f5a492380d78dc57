/**
 * Restores the files of a volume into an empty folder, or with DRY_RUN=1 fetches and verifies all chunks and writes nothing. Damaged or
 * missing data fails the run.
 *
 * Where: the Node image. Environment: FOLDER (where to), DRY_RUN, BUCKET, and what programs/s3/ reads; SCRATCH, default
 * /scratch, with backup.index and manifest.json from the previous step.
 */
import { readdirSync } from "node:fs";
import { Bucket } from "../s3/client.ts";
import { fetchChunk } from "./chunks.ts";
import { bytesOf, type Chunk, LOST_AND_FOUND, readIndex } from "./index.ts";
import { Fill, finish, makeRoom } from "./restored.ts";
import { artefact, surveyed, verify } from "./verified.ts";

const { FOLDER: folder = "/restored", BUCKET = "", DRY_RUN: dryRun = "" } = process.env;

async function run(): Promise<void> {
  const survey = await surveyed();
  const { files, fileBytes, chunks } = survey;
  const bucket = new Bucket(BUCKET);
  if (dryRun === "1") {
    await verify(bucket, survey);
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

function refuseUnlessEmpty(): void {
  const there = readdirSync(folder).filter((name) => name !== LOST_AND_FOUND);
  if (there.length === 0) return;
  throw new Error(
    `${folder} is not empty (${there.slice(0, 3).join(", ")}): a restore never overwrites; make a new claim, or empty it`,
  );
}

// The kernel ignores the signal for a container's first process unless it asks for it.
process.once("SIGTERM", () => process.exit(143));

run().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
