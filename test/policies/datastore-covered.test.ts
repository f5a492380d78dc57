import assert from "node:assert/strict";
import { cloudNativePg } from "../../domain/declaration/continuous.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { guide } from "../../domain/values/sourced.ts";
import { datastoreCovered } from "../../policies/datastore-covered.ts";
import { shop } from "../support/shop.ts";
import { found, judge, UNKNOWN, unknownIn } from "./judge.ts";

const COMPONENT = "upkeep:index:MaintainedService";

const judged = (service: unknown) => found(datastoreCovered, COMPONENT, { service });
const withoutBackups = (...gone: string[]): Service => ({
  ...shop,
  backups: shop.backups.filter(({ datastore }) => !gone.includes(datastore)),
});
const withReason = (reason: string): Service => ({
  ...withoutBackups("cache"),
  datastores: shop.datastores.map((one) => (one.name === "cache" ? { ...one, unprotected: reason } : one)),
});

describe("the policy datastore-covered", () => {
  it("accepts a service whose datastores all have a backup", () => {
    assert.deepEqual(judge(datastoreCovered, COMPONENT, { service: shop }), []);
  });

  it("refuses each datastore that has none, by name", () => {
    assert.deepEqual(judged(withoutBackups("orders", "cache")), [
      ["datastore-without-backup", 'datastores "orders"'],
      ["datastore-without-backup", 'datastores "cache"'],
    ]);
  });

  it("accepts one that says why it needs none, and takes blanks for no reason", () => {
    assert.deepEqual(judged(withReason("it is filled again from the database")), []);
    assert.equal(judged(withReason(" ")).length, 1);
  });

  describe("where the database's operator backs it up continuously", () => {
    const covered = (facts: object): Service => {
      const continuous = { ...cloudNativePg({ cluster: "orders", within, baseBackupWithin }), ...facts };
      const service = withoutBackups("orders");
      const datastores = service.datastores.map((one) => (one.name === "orders" ? { ...one, continuous } : one));
      return { ...service, datastores: datastores as Service["datastores"] };
    };
    const [within, baseBackupWithin] = [guide("5m"), guide("26h")] as const;

    it("asks for no dumps", () => assert.deepEqual(judged(covered({ undrilled: "rehearsed by its owners" })), []));
  });

  it("accepts a service that stores nothing", () => {
    assert.deepEqual(judged({ ...shop, datastores: [], backups: [] }), []);
  });

  it("judges the other datastores when one is not known yet, and names that one", () => {
    const service = withoutBackups("orders");
    const datastores = service.datastores.map((one) => (one.name === "cache" ? { ...one, name: UNKNOWN } : one));
    const verdicts = judge(datastoreCovered, COMPONENT, { service: { ...service, datastores } });
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.deepEqual(
      verdicts[0]?.faults?.map(({ path }) => path),
      ['datastores "orders"'],
    );
    assert.deepEqual(unknownIn(verdicts), ["service.datastores[1].name"]);
  });

  it("shows no name that may be anything", () => {
    const service = { datastores: [{ kind: "redis", name: "correct horse" }], backups: [] };
    const [verdict] = judge(datastoreCovered, COMPONENT, { service });
    assert.equal(verdict?.faults?.length, 1);
    assert.ok(!verdict?.message.includes("correct horse"), verdict?.message);
  });

  const slips: [what: string, service: unknown, faults: [code: string, path: string][]][] = [
    ["a text", "text", [["value-misshapen", "service"]]],
    ["datastores that are no list", { datastores: "text", backups: [] }, [["value-misshapen", "service.datastores"]]],
    ["a datastore that is null", { datastores: [null], backups: [] }, [["value-misshapen", "service.datastores[0]"]]],
    [
      "no lists",
      {},
      [
        ["missing-list", "service.datastores"],
        ["missing-list", "service.backups"],
      ],
    ],
    [
      "a kind that Upkeep does not know",
      { datastores: [{ kind: "mysql", name: "main" }], backups: [{ datastore: "main", job: "a", drill: {} }] },
      [["datastore-kind-unknown", 'datastores "main" kind']],
    ],
  ];
  for (const [what, service, faults] of slips) {
    it(`takes a person's slip for no bug of its own: ${what}`, () => assert.deepEqual(judged(service), faults));
  }
});
