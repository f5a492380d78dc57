import assert from "node:assert/strict";
import { uncoveredDatastores, undrilledBackups } from "../../../domain/backup/coverage.ts";
import type { Datastore, Postgres } from "../../../domain/declaration/datastore.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import { database } from "../../support/database.ts";

const [backup] = database.backups as [Backup];
const [main] = database.datastores as [Postgres];
const cache = { ...main, kind: "redis", name: "cache" } as unknown as Datastore;
const fixes = (...args: Parameters<typeof uncoveredDatastores>) => uncoveredDatastores(...args).map(({ fix }) => fix);

describe("a datastore without a backup", () => {
  it("is a fault, though another has one", () => {
    assert.deepEqual(uncoveredDatastores({ datastores: [main, { ...main, name: "other" }], backups: [backup] }), [
      {
        path: 'datastores "other"',
        got: "without a backup",
        allowed: "a datastore with a backup, or one that says why it needs none",
        fix: 'add backup("other", …), or continuous: cloudNativePg({ … }), or set unprotected: "<the reason>" on the datastore',
      },
    ]);
  });

  it("is told of continuous backups only where its kind can have them", () => {
    assert.deepEqual(fixes({ datastores: [cache], backups: [] }), [
      'add backup("cache", …), or set unprotected: "<the reason>" on the datastore',
    ]);
  });

  it("is none where it says why it needs none, and blanks say nothing", () => {
    assert.deepEqual(fixes({ datastores: [{ ...main, unprotected: "made anew from Git" }], backups: [] }), []);
    assert.equal(fixes({ datastores: [{ ...main, unprotected: " " }], backups: [] }).length, 1);
  });

  it("is none where its operator backs it up all the time", () => {
    const continuous = { undrilled: "the operator's own" } as NonNullable<Postgres["continuous"]>;
    assert.deepEqual(fixes({ datastores: [{ ...main, continuous }], backups: [] }), []);
  });

  it("is a fault where its kind has no operator that could, whatever it declares", () => {
    const continuous = { undrilled: "the operator's own" };
    assert.equal(fixes({ datastores: [{ ...cache, continuous } as Datastore], backups: [] }).length, 1);
  });
});

describe("a backup that nobody rehearses", () => {
  const without = (changes: object) =>
    ({ ...backup, drill: undefined, undrilled: undefined, ...changes }) as unknown as Backup;

  it("is a fault", () => {
    assert.deepEqual(undrilledBackups({ datastores: [main], backups: [without({})] }), [
      {
        path: `backup "${backup.job}"`,
        got: "without a drill",
        allowed: "a backup from which a restore is rehearsed, or one that says why none is",
        fix: 'add drill: { … }, or set undrilled: "<the reason>" beside it',
      },
    ]);
  });

  it("is one too where it is continuous", () => {
    const continuous = { undrilled: " " } as NonNullable<Postgres["continuous"]>;
    const found = undrilledBackups({ datastores: [{ ...main, continuous }], backups: [] });
    assert.deepEqual(
      found.map(({ path }) => path),
      [`datastores "${main.name}" continuous`],
    );
  });

  it("is none where it has a drill, or says why not", () => {
    const backups = [without({ drill: backup.drill }), without({ undrilled: "too large" })];
    assert.deepEqual(undrilledBackups({ datastores: [main], backups }), []);
  });
});
