import { dataPrefix, drillsPrefix, goldenPrefix, manifestsPrefix } from "../../domain/backup/layout.ts";
import type { LifecycleRule } from "../../domain/backup/retention.ts";
import { keptTiers } from "../../domain/backup/tiers.ts";
import type { Keep, Tier } from "../../domain/declaration/keep.ts";
import type { Backup } from "../../domain/declaration/service.ts";
import { LifecycleBucket, type Version } from "../support/lifecycle.ts";
import { tierOf } from "../support/tierOf.ts";

export const DAY = 86_400_000;

/** What S3 needs after a time is over: two days by which data outlives, one behind a delete marker, and each rounded up to midnight. */
const TIME_TO_DELETE = 6 * DAY;

const DRILLS_KEPT = 365 * DAY;
const UPLOADS_KEPT = 5 * DAY;

export interface History {
  backup: Pick<Backup, "prefix" | "keep">;
  rules: readonly LifecycleRule[];
  lockDays: number;
  start: number;
  end: number;
  /** When runs start, in order. */
  runs: readonly number[];
  /** Whether the run of that time publishes; else it leaves an upload that is never completed. */
  succeeds: (run: number) => boolean;
  /** When the newest backup is drilled and copied to golden/. */
  drills: readonly number[];
}

export interface Outcome {
  /** Each promise that was broken, at the first midnight that shows it. */
  broken: string[];
  /** The last run that published, and the first midnight at which what it published cannot be restored. */
  lastGood: number;
  lastGoodGone: number | undefined;
  published: Partial<Record<Tier, number>>;
}

interface Published {
  tier: Tier;
  at: number;
  data: Version;
  manifest: Version;
}

/** Lives through a history of a bucket, and judges every promise at each midnight. */
export function live({ backup, rules, lockDays, start, end, runs, succeeds, drills }: History): Outcome {
  const bucket = new LifecycleBucket(rules, lockDays, start);
  const kept = keptMilliseconds(backup.keep);
  const broken = new Map<string, string>();
  const outcome: Outcome = { broken: [], lastGood: start, lastGoodGone: undefined, published: {} };
  let published: Published[] = [];
  const records: { at: number; key: string }[] = [];
  const uploads = new Map<string, number>();
  let hasGolden = false;

  const judge = (midnight: number): void => {
    const say = (what: string) =>
      broken.has(what) || broken.set(what, `${new Date(midnight).toISOString().slice(0, 10)}: ${what}`);
    for (const { tier, at, data, manifest } of published) {
      const promised = at + (kept[tier] as number);
      const restorable = bucket.isCurrent(manifest.key) && bucket.has(data);
      if (midnight < promised && !restorable) say(`a ${tier} backup cannot be restored while it is promised`);
      if (bucket.has(manifest) && !bucket.has(data)) say(`a ${tier} backup's data is gone before its manifest`);
      if (midnight > promised + TIME_TO_DELETE) say(`a ${tier} backup is not deleted when its time is over`);
    }
    published = published.filter(({ data, manifest }) => bucket.has(data) || bucket.has(manifest));
    if (hasGolden && !bucket.isCurrent(`${goldenPrefix(backup)}data`)) say("the golden copy is gone");
    for (const { at, key } of records) {
      if (midnight < at + DRILLS_KEPT && !bucket.isCurrent(key)) say("a drill's record is gone within a year");
    }
    for (const key of bucket.uploads()) {
      if (midnight > (uploads.get(key) as number) + UPLOADS_KEPT) say("an abandoned upload stays");
    }
    const isThere = published.some(
      ({ at, data, manifest }) => at === outcome.lastGood && bucket.isCurrent(manifest.key) && bucket.has(data),
    );
    outcome.lastGoodGone = isThere ? undefined : (outcome.lastGoodGone ?? midnight);
  };

  const run = (at: number): void => {
    const name = new Date(at).toISOString();
    if (!succeeds(at)) {
      const key = `${dataPrefix(backup)}${name}`;
      uploads.set(key, at);
      bucket.startUpload(key);
      return;
    }
    // Newest first, as the listing that decides is read.
    const taken = published
      .filter(({ manifest }) => bucket.isCurrent(manifest.key))
      .map(({ tier, at: started }) => ({ tier, startedAt: new Date(started) }))
      .reverse();
    const tier = tierOf(new Date(at), taken, backup.keep);
    const data = bucket.put(`${dataPrefix(backup, tier)}${name}`);
    const manifest = bucket.put(`${manifestsPrefix(backup, tier)}${name}`);
    published.push({ tier, at, data, manifest });
    outcome.published[tier] = (outcome.published[tier] ?? 0) + 1;
    outcome.lastGood = at;
  };

  const drill = (at: number): void => {
    if (!published.some(({ manifest }) => bucket.isCurrent(manifest.key))) return;
    bucket.put(`${goldenPrefix(backup)}data`);
    hasGolden = true;
    const key = `${drillsPrefix(backup)}${new Date(at).toISOString()}`;
    bucket.put(key);
    records.push({ at, key });
  };

  const events = [
    ...runs.map((at) => ({ at, happens: () => run(at) })),
    ...drills.map((at) => ({ at, happens: () => drill(at) })),
  ].sort((one, other) => one.at - other.at);
  for (const { at, happens } of events) {
    bucket.advanceTo(at, judge);
    happens();
  }
  bucket.advanceTo(end, judge);
  outcome.broken = [...broken.values()];
  return outcome;
}

function keptMilliseconds(keep: Keep): Partial<Record<Tier, number>> {
  return Object.fromEntries(keptTiers(keep).map(({ tier, seconds }) => [tier, seconds * 1000]));
}

/** Runs of which one in ten fails, with an outage of up to twelve days every two months or so; the same for the same seed. */
export function outages(seed: number, start: number, end: number): (run: number) => boolean {
  const random = generator(seed);
  const spans: [number, number][] = [];
  for (let at = start; at < end; at += (20 + random() * 80) * DAY) spans.push([at, at + random() * 12 * DAY]);
  return (run) => random() > 0.1 && !spans.slice(1).some(([from, to]) => run >= from && run < to);
}

/** mulberry32: numbers in [0, 1) that are the same on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
