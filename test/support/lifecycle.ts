import type { LifecycleRule } from "../../domain/backup/retention.ts";

const DAY = 86_400_000;

/** A version of an object, or a delete marker. */
export interface Version {
  key: string;
  /** Counts up over the bucket: a later version has a greater one. */
  id: number;
  isDeleteMarker: boolean;
  createdAt: number;
  /** When it got a successor: a version, or a delete marker. */
  noncurrentSince?: number;
  lockedUntil: number;
  hold: boolean;
}

interface Upload {
  key: string;
  startedAt: number;
}

/**
 * A versioned, locked bucket of S3 that a lifecycle empties, by the words of AWS's documentation; test/retention/vendor.test.ts holds it to
 * them. Times are milliseconds since 1970. What S3 may do later (it works in the background) it does at once: a promise that holds
 * here holds there.
 */
export class LifecycleBucket {
  readonly #rules: readonly LifecycleRule[];
  readonly #lockDays: number;
  /** Each object's versions, oldest first. */
  readonly #versions = new Map<string, Version[]>();
  #uploads: Upload[] = [];
  #next = 1;
  #now: number;

  constructor(rules: readonly LifecycleRule[], lockDays: number, start: number) {
    this.#rules = rules.filter(({ status }) => status === "Enabled");
    this.#lockDays = lockDays;
    this.#now = start;
  }

  put(key: string): Version {
    return this.#add(key, false);
  }

  /** As `DELETE` without a version does: a delete marker on top. */
  remove(key: string): Version {
    return this.#add(key, true);
  }

  startUpload(key: string): void {
    this.#uploads.push({ key, startedAt: this.#now });
  }

  hold(version: Version, hold: boolean): void {
    version.hold = hold;
  }

  /** What a person, or a program, tries. @returns whether S3 lets it */
  deleteVersion(version: Version): boolean {
    return this.#delete(version);
  }

  /** The versions of one object, or of all: oldest first, delete markers among them. */
  versions(key?: string): Version[] {
    return key === undefined ? [...this.#versions.values()].flat() : [...(this.#versions.get(key) ?? [])];
  }

  /** Whether a plain `GET` finds it. */
  isCurrent(key: string): boolean {
    const last = this.#versions.get(key)?.at(-1);
    return last !== undefined && !last.isDeleteMarker;
  }

  has(version: Version): boolean {
    return this.#versions.get(version.key)?.includes(version) ?? false;
  }

  uploads(): string[] {
    return this.#uploads.map(({ key }) => key);
  }

  /** Lets time pass; the lifecycle works at each midnight of UTC. @param afterMidnight is called with each of them, once it is over */
  advanceTo(time: number, afterMidnight: (midnight: number) => void = () => {}): void {
    for (let midnight = (Math.floor(this.#now / DAY) + 1) * DAY; midnight <= time; midnight += DAY) {
      this.#now = midnight;
      this.#expire();
      afterMidnight(midnight);
    }
    this.#now = Math.max(this.#now, time);
  }

  #add(key: string, isDeleteMarker: boolean): Version {
    const versions = this.#versions.get(key) ?? [];
    this.#versions.set(key, versions);
    const before = versions.at(-1);
    if (before) before.noncurrentSince = this.#now;
    const version: Version = {
      key,
      id: this.#next++,
      isDeleteMarker,
      createdAt: this.#now,
      // A delete marker is never locked.
      lockedUntil: isDeleteMarker ? 0 : this.#now + this.#lockDays * DAY,
      hold: false,
    };
    versions.push(version);
    return version;
  }

  #delete(version: Version): boolean {
    if (version.hold || this.#now < version.lockedUntil) return false;
    const left = this.#versions.get(version.key)?.filter((other) => other !== version) ?? [];
    const last = left.at(-1);
    if (last) delete last.noncurrentSince;
    if (left.length > 0) this.#versions.set(version.key, left);
    else this.#versions.delete(version.key);
    return true;
  }

  #expire(): void {
    for (const [key, versions] of [...this.#versions]) {
      const rules = this.#rules.filter(({ filter }) => key.startsWith(filter.prefix));
      if (rules.length > 0) this.#expireObject(rules, key, versions);
    }
    this.#uploads = this.#uploads.filter(
      ({ key, startedAt }) =>
        !this.#rules.some(
          ({ filter, abortIncompleteMultipartUpload: abort }) =>
            abort && key.startsWith(filter.prefix) && this.#isDue(startedAt, abort.daysAfterInitiation),
        ),
    );
  }

  /** Deleting for ever comes before a delete marker, and the shortest of several days counts. */
  #expireObject(rules: LifecycleRule[], key: string, versions: readonly Version[]): void {
    for (const [index, version] of [...versions].entries()) {
      const since = version.noncurrentSince;
      if (since === undefined) continue;
      const newer = versions.length - 1 - index - 1;
      const due = rules.some(
        ({ noncurrentVersionExpiration: expiration }) =>
          expiration &&
          newer >= (expiration.newerNoncurrentVersions ?? 0) &&
          this.#isDue(since, expiration.noncurrentDays),
      );
      if (due) this.#delete(version);
    }
    const left = this.#versions.get(key);
    const current = left?.at(-1);
    if (left === undefined || current === undefined) return;
    const isDue = rules.some(({ expiration }) => expiration?.days && this.#isDue(current.createdAt, expiration.days));
    if (!current.isDeleteMarker) {
      if (isDue) this.#add(key, true);
    } else if (left.length === 1 && (isDue || rules.some(({ expiration }) => expiration?.expiredObjectDeleteMarker))) {
      this.#delete(current);
    }
  }

  /** S3 adds the days and rounds up to the next midnight of UTC. */
  #isDue(since: number, days: number): boolean {
    return this.#now >= Math.ceil((since + days * DAY) / DAY) * DAY;
  }
}
