import assert from "node:assert/strict";
import type { LifecycleRule } from "../../domain/backup/retention.ts";
import { LifecycleBucket } from "../support/lifecycle.ts";

const at = (moment: string) => Date.parse(`${moment}Z`);

/** What AWS documents, and the page of docs.aws.amazon.com/AmazonS3/latest/ that does. */
interface Documented {
  says: string;
  source: string;
  rule: Partial<LifecycleRule>;
  lockDays?: number;
  happens: (bucket: LifecycleBucket) => void;
}

const KEY = "photos/one";
const rulesPage = "userguide/intro-lifecycle-rules.html";
const expirePage = "userguide/lifecycle-expire-general-considerations.html";
const examplesPage = "userguide/lifecycle-configuration-examples.html";
const versionPage = "API/API_NoncurrentVersionExpiration.html";
const lockPage = "userguide/object-lock.html";
const managingPage = "userguide/object-lock-managing.html";
const abortPage = "userguide/mpu-abort-incomplete-mpu-lifecycle-config.html";

const documented: Documented[] = [
  {
    says: "an object of 15 January, 10:30, expires by a rule of three days at midnight of the 19th: days are added, then rounded up",
    source: rulesPage,
    rule: { expiration: { days: 3 } },
    happens: (bucket) => {
      bucket.advanceTo(at("2026-01-15T10:30"));
      bucket.put(KEY);
      bucket.advanceTo(at("2026-01-18T23:59"));
      assert.equal(bucket.isCurrent(KEY), true);
      bucket.advanceTo(at("2026-01-19T00:00"));
      assert.equal(bucket.isCurrent(KEY), false);
    },
  },
  {
    says: "in a versioned bucket an expired object gets a delete marker, and its version stays",
    source: expirePage,
    rule: { expiration: { days: 1 } },
    happens: (bucket) => {
      const version = bucket.put(KEY);
      bucket.advanceTo(at("2026-03-01T00:00"));
      assert.equal(bucket.has(version), true);
      assert.deepEqual(
        bucket.versions(KEY).map(({ isDeleteMarker }) => isDeleteMarker),
        [false, true],
      );
    },
  },
  {
    says: "a rule of expiration does nothing to versions that are not current",
    source: examplesPage,
    rule: { expiration: { days: 30 } },
    happens: (bucket) => {
      const first = bucket.put(KEY);
      bucket.advanceTo(at("2026-01-20T00:00"));
      const second = bucket.put(KEY);
      bucket.advanceTo(at("2026-02-10T00:00"));
      assert.equal(bucket.has(first), true);
      assert.equal(bucket.isCurrent(KEY), true);
      assert.equal(bucket.has(second), true);
    },
  },
  {
    says: "days of a noncurrent version count from when its successor was made, not from its own making",
    source: rulesPage,
    rule: { noncurrentVersionExpiration: { noncurrentDays: 3 } },
    happens: (bucket) => {
      bucket.advanceTo(at("2026-01-01T10:30"));
      const first = bucket.put(KEY);
      bucket.advanceTo(at("2026-01-15T10:30"));
      bucket.put(KEY);
      bucket.advanceTo(at("2026-01-18T23:59"));
      assert.equal(bucket.has(first), true);
      bucket.advanceTo(at("2026-01-19T00:00"));
      assert.equal(bucket.has(first), false);
      assert.equal(bucket.isCurrent(KEY), true);
    },
  },
  {
    says: "a delete marker is a successor: what it hides becomes noncurrent with it",
    source: rulesPage,
    rule: { expiration: { days: 1 }, noncurrentVersionExpiration: { noncurrentDays: 1 } },
    happens: (bucket) => {
      bucket.advanceTo(at("2026-01-10T12:00"));
      const version = bucket.put(KEY);
      bucket.advanceTo(at("2026-01-12T00:00"));
      assert.deepEqual([bucket.isCurrent(KEY), bucket.has(version)], [false, true]);
      bucket.advanceTo(at("2026-01-13T00:00"));
      assert.equal(bucket.has(version), false);
    },
  },
  {
    says: "so many newer noncurrent versions are kept, however old they are",
    source: versionPage,
    rule: { noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 2 } },
    happens: (bucket) => {
      const versions = [1, 2, 3, 4].map((day) => {
        bucket.advanceTo(at(`2026-01-0${day + 1}T12:00`));
        return bucket.put(KEY);
      });
      bucket.advanceTo(at("2027-01-01T00:00"));
      assert.deepEqual(
        versions.map((version) => bucket.has(version)),
        [false, true, true, true],
      );
    },
  },
  {
    says: "a delete marker with no version behind it goes by ExpiredObjectDeleteMarker",
    source: examplesPage,
    rule: { expiration: { expiredObjectDeleteMarker: true } },
    happens: (bucket) => {
      const version = bucket.put(KEY);
      bucket.remove(KEY);
      bucket.advanceTo(at("2026-01-03T00:00"));
      assert.equal(bucket.versions(KEY).length, 2, "a version is behind it");
      bucket.deleteVersion(version);
      bucket.advanceTo(at("2026-01-04T00:00"));
      assert.deepEqual(bucket.versions(KEY), []);
    },
  },
  {
    says: "a rule with days removes such a delete marker too, once that is old enough",
    source: expirePage,
    rule: { expiration: { days: 5 } },
    happens: (bucket) => {
      bucket.remove(KEY);
      bucket.advanceTo(at("2026-01-05T00:00"));
      assert.equal(bucket.versions(KEY).length, 1);
      bucket.advanceTo(at("2026-01-06T00:00"));
      assert.deepEqual(bucket.versions(KEY), []);
    },
  },
  {
    says: "a locked version gets its delete marker, but is not deleted while its retention lasts",
    source: managingPage,
    rule: { expiration: { days: 1 }, noncurrentVersionExpiration: { noncurrentDays: 1 } },
    lockDays: 30,
    happens: (bucket) => {
      const version = bucket.put(KEY);
      bucket.advanceTo(at("2026-01-30T00:00"));
      assert.deepEqual([bucket.isCurrent(KEY), bucket.has(version)], [false, true]);
      assert.equal(bucket.deleteVersion(version), false);
      bucket.advanceTo(at("2026-01-31T00:00"));
      assert.equal(bucket.has(version), false);
    },
  },
  {
    says: "a legal hold has no end: the version stays until it is taken off",
    source: lockPage,
    rule: { expiration: { days: 1 }, noncurrentVersionExpiration: { noncurrentDays: 1 } },
    lockDays: 1,
    happens: (bucket) => {
      const version = bucket.put(KEY);
      bucket.hold(version, true);
      bucket.advanceTo(at("2036-01-01T00:00"));
      assert.deepEqual(
        [bucket.isCurrent(KEY), bucket.has(version), bucket.deleteVersion(version)],
        [false, true, false],
      );
      bucket.hold(version, false);
      bucket.advanceTo(at("2036-01-02T00:00"));
      assert.equal(bucket.has(version), false);
    },
  },
  {
    says: "an upload that is never completed is aborted so many days after it began",
    source: abortPage,
    rule: { abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } },
    happens: (bucket) => {
      bucket.advanceTo(at("2026-01-10T12:00"));
      bucket.startUpload(KEY);
      bucket.startUpload("other/one");
      bucket.advanceTo(at("2026-01-12T23:59"));
      assert.deepEqual(bucket.uploads(), [KEY, "other/one"]);
      bucket.advanceTo(at("2026-01-13T00:00"));
      assert.deepEqual(bucket.uploads(), ["other/one"]);
    },
  },
  {
    says: "a rule that is disabled does nothing",
    source: "API/API_LifecycleRule.html",
    rule: { status: "Disabled", expiration: { days: 1 } },
    happens: (bucket) => {
      bucket.put(KEY);
      bucket.advanceTo(at("2027-01-01T00:00"));
      assert.equal(bucket.isCurrent(KEY), true);
    },
  },
  {
    says: "a rule of another prefix does nothing",
    source: "userguide/intro-lifecycle-filters.html",
    rule: { filter: { prefix: "photos/one/" }, expiration: { days: 1 } },
    happens: (bucket) => {
      bucket.put(KEY);
      bucket.advanceTo(at("2027-01-01T00:00"));
      assert.equal(bucket.isCurrent(KEY), true);
    },
  },
];

describe("the simulated lifecycle does as AWS documents:", () => {
  for (const { says, source, rule, lockDays = 0, happens } of documented) {
    it(`${says} (${source})`, () => {
      const rules: LifecycleRule[] = [{ id: "rule", status: "Enabled", filter: { prefix: "photos/" }, ...rule }];
      happens(new LifecycleBucket(rules, lockDays, at("2026-01-01T00:00")));
    });
  }

  it("of two rules for one object the shorter counts (userguide/lifecycle-conflicts.html)", () => {
    const rule = (id: string, prefix: string, days: number): LifecycleRule => ({
      id,
      status: "Enabled",
      filter: { prefix },
      expiration: { days },
    });
    const bucket = new LifecycleBucket([rule("a", "", 30), rule("b", "photos/", 3)], 0, at("2026-01-01T00:00"));
    bucket.put(KEY);
    bucket.advanceTo(at("2026-01-04T00:00"));
    assert.equal(bucket.isCurrent(KEY), false);
  });
});
