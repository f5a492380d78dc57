/**
 * Rehearses a volume's restore without a volume: fetches everything in the newest good backup, compares every byte, keeps none, and
 * writes a record to S3. A drill that fails writes its record too, and ends with 20.
 *
 * Where: the Node image. Environment: BUCKET, PREFIX (ends with /), SERVICE, DATASTORE, IMAGE, RECOVERY_TIME (seconds), and what
 * programs/s3/ reads. Reads backup.index, manifest.json and fetched.json from the previous step in /scratch.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { release, type } from "node:os";
import { Bucket } from "../s3/client.ts";
import { surveyed, verify } from "./verified.ts";

const { BUCKET = "", PREFIX = "", SERVICE = "", DATASTORE = "", IMAGE = "", RECOVERY_TIME = "" } = process.env;
const DAMAGED = 20;

interface Fetched {
  name: string;
  manifest: string;
  startedAt: string;
  seconds: number;
}

async function run(): Promise<void> {
  const bucket = new Bucket(BUCKET);
  const fetched = read<Fetched>("fetched.json");
  const started = performance.now();
  const failure = await surveyed()
    .then((survey) => verify(bucket, survey))
    .catch((error: Error) => error);
  const seconds = Math.round((performance.now() - started) / 1000);
  const { startedAt: dataStartedAt, fileBytes } = read<Record<string, unknown>>("manifest.json");
  const record = {
    ...{ schema: "upkeep/drill/v1", service: SERVICE, datastore: DATASTORE, passed: !failure },
    ...{ backup: fetched.name, manifest: fetched.manifest, dataStartedAt, bytes: fileBytes },
    ...{ startedAt: fetched.startedAt, finishedAt: now() },
    seconds: { fetch: fetched.seconds, restore: null, verify: seconds },
    ...{ recoveryTime: Number(RECOVERY_TIME), serverVersion: `${type()} ${release()}`, image: IMAGE },
    ...(failure && { failed: failure.message, exitCode: DAMAGED }),
  };
  const key = `${PREFIX}drills/${fetched.name}-${fetched.startedAt.replaceAll(/[-:]/g, "")}.json`;
  const body = Buffer.from(`${JSON.stringify(record)}\n`);
  await bucket.putIfAbsent(key, body, hash("sha256", body, "buffer"));
  console.log(`recorded s3://${BUCKET}/${key}`);
  if (!failure) return console.log(`verified ${fileBytes} bytes of ${fetched.name} in ${seconds} s`);
  console.error(`the drill of ${fetched.name} failed: ${failure.message}`);
  process.exitCode = DAMAGED;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(`/scratch/${file}`, "utf8")) as T;
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}

// The kernel ignores the signal for a container's first process unless it asks for it.
process.once("SIGTERM", () => process.exit(143));

run().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
