/**
 * Completes the legal holds of a suspect run. That run set them on the last good backup's manifest and index only, because the chunks are
 * thousands. Chunks outlive every manifest by nine days, so there is time; a run that cannot set the holds fails before it publishes
 * anything, and the next one retries.
 */
import type { Bucket } from "../s3/client.ts";
import { AT_ONCE } from "./chunks.ts";
import { Pool } from "./pool.ts";
import { chunksOf } from "./week.ts";

/** @param folder ends with / */
export async function holdLastGood(bucket: Bucket, folder: string): Promise<void> {
  const manifests = `${folder}manifests/`;
  const runs: { name: string; suspect: boolean }[] = [];
  for await (const { key } of bucket.versions(manifests)) {
    const [, shelf, name] = /^(\w+)\/(\d{8}T\d{6}Z-.+)\.json$/.exec(key.slice(manifests.length)) ?? [];
    if (name) runs.push({ name, suspect: shelf === "suspect" });
  }
  const [last, good] = runs.sort((a, b) => (a.name < b.name ? 1 : -1));
  if (!last?.suspect || !good || good.suspect) return;
  // A name begins with the day on which the run began.
  const week = chunksOf(new Date(good.name.replace(/^(....)(..)(..).*/, "$1-$2-$3")));
  const pool = new Pool(AT_ONCE);
  let held = 0;
  for await (const version of bucket.versions(folder + week)) {
    await pool.add(() => bucket.hold(version));
    held++;
  }
  await pool.end();
  console.log(
    `the last run, ${last.name}, is suspect: ${held} chunks of the week of ${good.name} are held beyond their time`,
  );
}
