import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { sandboxUnderTest } from "../test/support/sandbox.ts";
import { settle } from "../test/support/tree.ts";
import { claimOf, job, newest, removeClaim, runOnce } from "../test/support/volume.ts";

/**
 * Backs up a volume of the sandbox twice with its CronJob's own pod, with 1 % of it changed between, and prints what each run uploaded.
 * Half of each file is compressible, half is not. Run `make up` first.
 */
const MEBIBYTES = Number(process.argv[2] || 5120);
const FILE_MEBIBYTES = 64;
const MEBIBYTE = 1024 ** 2;
const OWNER = 1000;
const prefix = `bench/${Date.now()}/`;

const sandbox = await sandboxUnderTest();
const claim = await claimOf(sandbox, "volume-bench", OWNER);
try {
  await fill("first");
  await measure("everything is new");
  // Contiguous, as files change: spread in 4 KiB pieces, as a database writes, 1 % would change every chunk.
  const changed = Math.max(1, Math.round(MEBIBYTES / 100));
  await write(0, changed, "second");
  await settle(claim.folder, OWNER);
  await measure(`${changed} MiB changed`);
} finally {
  await removeClaim(sandbox, claim);
}

async function fill(seed: string): Promise<void> {
  for (let at = 0; at < MEBIBYTES; at += FILE_MEBIBYTES)
    await write(at, Math.min(FILE_MEBIBYTES, MEBIBYTES - at), seed);
  await settle(claim.folder, OWNER);
}

/** Writes mebibytes of the volume from an offset; its files count as one sequence. */
async function write(from: number, count: number, seed: string): Promise<void> {
  for (let at = from; at < from + count; at++) {
    const path = join(claim.folder, `file-${Math.floor(at / FILE_MEBIBYTES)}`);
    const file = await open(path, constants.O_RDWR | constants.O_CREAT);
    const piece = Buffer.concat([randomBytes(MEBIBYTE / 2), Buffer.alloc(MEBIBYTE / 2, `${seed} ${at} `)]);
    await file.write(piece, 0, piece.length, (at % FILE_MEBIBYTES) * MEBIBYTE);
    await file.close();
  }
}

async function measure(what: string): Promise<void> {
  const start = performance.now();
  const { succeeded, log } = await runOnce(sandbox, job, {
    claim: claim.name,
    env: { PREFIX: prefix },
    deadline: 3600,
  });
  if (!succeeded) throw new Error(log);
  const { fileBytes, bytesUploaded, chunks } = await newest(sandbox, prefix);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(
    `${what}: ${fileBytes} bytes in ${chunks} chunks, ${bytesUploaded} bytes uploaded (${((100 * bytesUploaded) / fileBytes).toFixed(2)} %), ${seconds} s with its pod\n`,
  );
}
