import assert from "node:assert/strict";
import { cloudNativePg } from "../../domain/declaration/continuous.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { guide } from "../../domain/values/sourced.ts";
import { datastoreCovered } from "../../policies/datastore-covered.ts";
import { mplp } from "../../services/mplp.ts";
import { judge, messages, UNKNOWN } from "./judge.ts";

const COMPONENT = "upkeep:index:MaintainedService";

const judged = (service: unknown) => messages(datastoreCovered, COMPONENT, { service });
const withoutBackups = (...gone: string[]): Service => ({
  ...mplp,
  backups: mplp.backups.filter(({ datastore }) => !gone.includes(datastore)),
});
const withReason = (reason: string): Service => ({
  ...withoutBackups("cache"),
  datastores: mplp.datastores.map((one) => (one.name === "cache" ? { ...one, unprotected: reason } : one)),
});

describe("the policy datastore-covered", () => {
  it("accepts a service whose datastores all have a backup", () => {
    assert.deepEqual(judge(datastoreCovered, COMPONENT, { service: mplp }), []);
  });

  it("refuses each datastore that has none, by name", () => {
    const found = judged(withoutBackups("main", "cache"));
    assert.deepEqual(
      found.map((message) => message.split("\n")[0]),
      ["main", "cache"].map(
        (name) =>
          `datastore-covered: MaintainedService nightly (in orders): datastores "${name}" is without a backup; allowed: a datastore` +
          ` with a backup, or one that says why it needs none. Fix: add backup("${name}", …)` +
          `${name === "main" ? ", or continuous: cloudNativePg({ … })" : ""}, or set unprotected: "<the reason>" on the datastore`,
      ),
    );
  });

  it("accepts one that says why it needs none, and takes blanks for no reason", () => {
    assert.deepEqual(judged(withReason("it is filled again from the database")), []);
    assert.equal(judged(withReason(" ")).length, 1);
  });

  it("asks who rehearses a restore, and takes blanks for no reason", () => {
    const undrilled = (reason?: string): Service => ({
      ...mplp,
      backups: mplp.backups.map((backup) => {
        const { drill, ...rest } = backup;
        return backup.datastore === "main" ? { ...rest, ...(reason !== undefined && { undrilled: reason }) } : backup;
      }),
    });
    assert.deepEqual(judged(undrilled("rehearsed by hand each month")), []);
    for (const reason of [undefined, " "]) {
      const [violation, ...rest] = judged(undrilled(reason));
      assert.deepEqual(rest, []);
      assert.match(violation ?? "", /: backup "mplp-backup" is without a drill; allowed: a backup from which/);
    }
  });

  describe("where the database's operator backs it up all the time", () => {
    const covered = (facts: object): Service => {
      const continuous = { ...cloudNativePg({ cluster: "main", within, baseBackupWithin }), ...facts };
      const service = withoutBackups("main");
      const datastores = service.datastores.map((one) => (one.name === "main" ? { ...one, continuous } : one));
      return { ...service, datastores: datastores as Service["datastores"] };
    };
    const [within, baseBackupWithin] = [guide("5m"), guide("26h")] as const;

    it("asks for no dumps", () => assert.deepEqual(judged(covered({ undrilled: "rehearsed by its owners" })), []));

    it("asks who rehearses a restore from it", () => {
      const [violation, ...rest] = judged(covered({}));
      assert.deepEqual(rest, []);
      assert.match(violation ?? "", /: datastores "main" continuous is without a drill; allowed: a backup from which/);
    });
  });

  it("accepts a service that stores nothing", () => {
    assert.deepEqual(judged({ ...mplp, datastores: [], backups: [] }), []);
  });

  it("judges the other datastores when one is not known yet, and names that one", () => {
    const service = withoutBackups("main");
    const datastores = service.datastores.map((one) => (one.name === "cache" ? { ...one, name: UNKNOWN } : one));
    const verdicts = judge(datastoreCovered, COMPONENT, { service: { ...service, datastores } });
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.match(verdicts[0]?.message ?? "", /datastores "main" is without a backup/);
    assert.match(verdicts[1]?.message ?? "", /not known before the update: service\.datastores\[1\]\.name/);
  });

  it("turns a value of the wrong shape into a violation that names it", () => {
    for (const service of [undefined, "text", { datastores: "text" }, { datastores: [null], backups: [] }]) {
      assert.match(
        judged(service).join(),
        /^datastore-covered: MaintainedService nightly .*cannot be judged: TypeError/,
      );
    }
  });
});
