import assert from "node:assert/strict";
import { cloudNativePg } from "../../domain/declaration/continuous.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { guide } from "../../domain/values/sourced.ts";
import { datastoreCovered } from "../../policies/datastore-covered.ts";
import { shop } from "../support/shop.ts";
import { found, judge, UNKNOWN, unknownIn } from "./judge.ts";
import { set } from "./set.ts";

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

  describe("of a database that no service declares", () => {
    const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
    const NOTE = 'metadata.annotations["upkeep/backed-up-by"]';
    const database = (changes: Record<string, unknown> = {}) => {
      const object = {
        metadata: { name: "orders", annotations: { team: "shop" } },
        spec: {
          volumeClaimTemplates: [{ metadata: { name: "data" } }],
          template: { spec: { containers: [{ name: "postgres", image: "docker.io/library/postgres:17.6" }] } },
        },
      };
      for (const [path, value] of Object.entries(changes)) set(object, path, value);
      return object;
    };
    const image = (name: string) => database({ "spec.template.spec.containers.0.image": name });
    const foundIn = (type: string, props: object) => found(datastoreCovered, type, props);
    const missing = [["database-without-backup", NOTE]];

    it("refuses one that says nothing of a backup", () => {
      assert.deepEqual(foundIn(STATEFUL_SET, database()), missing);
      assert.deepEqual(foundIn(STATEFUL_SET, database({ "metadata.annotations": undefined })), missing);
      for (const name of ["bitnami/mariadb-galera:12.1", "mongo:8", "clickhouse/clickhouse-server:25.9.3", "redis:8"])
        assert.deepEqual(foundIn(STATEFUL_SET, image(name)), missing, name);
    });

    it("takes a word about its backup, or the reason for having none, and no blanks", () => {
      for (const note of ["upkeep/backed-up-by", "upkeep/unprotected"]) {
        const noted = (text: string) => database({ "metadata.annotations": { [note]: text } });
        assert.deepEqual(foundIn(STATEFUL_SET, noted("Velero, in the stack platform")), []);
        assert.deepEqual(foundIn(STATEFUL_SET, noted(" ")), missing);
      }
    });

    it("asks nothing of what is no database, or stores nothing", () => {
      for (const name of [
        "prometheuscommunity/postgres-exporter:0.18.1",
        "nginx:1.29.3",
        "memcached:1.6",
        "not an image",
      ])
        assert.deepEqual(foundIn(STATEFUL_SET, image(name)), [], name);
      assert.deepEqual(foundIn(STATEFUL_SET, database({ "spec.volumeClaimTemplates": undefined })), []);
      assert.deepEqual(foundIn(STATEFUL_SET, database({ "spec.volumeClaimTemplates": [] })), []);
      assert.deepEqual(foundIn("kubernetes:apps/v1:DaemonSet", database()), []);
    });

    it("sees one in a Deployment with a claim, and in a List; of a Patch what is missing says nothing", () => {
      const deployed = database({ "spec.volumeClaimTemplates": undefined, "spec.template.spec.volumes": [] });
      assert.deepEqual(foundIn("kubernetes:apps/v1:Deployment", deployed), []);
      set(deployed, "spec.template.spec.volumes.0", { name: "data", persistentVolumeClaim: { claimName: "orders" } });
      assert.deepEqual(foundIn("kubernetes:apps/v1:Deployment", deployed), missing);
      assert.deepEqual(foundIn(`${STATEFUL_SET}List`, { items: [database()] }), [
        ["database-without-backup", `items[0].${NOTE}`],
      ]);
      assert.deepEqual(foundIn(`${STATEFUL_SET}Patch`, database()), []);
    });

    it("says what it could not judge", () => {
      const unknown = (changes: object) => unknownIn(judge(datastoreCovered, STATEFUL_SET, database({ ...changes })));
      const at = "spec.template.spec.containers[0].image";
      assert.deepEqual(unknown({ "spec.template.spec.containers.0.image": UNKNOWN }), [at]);
      assert.deepEqual(unknown({ "metadata.annotations": UNKNOWN }), ["metadata.annotations"]);
    });

    it("only advises about others' databases, and blocks every declaration", () => {
      const [verdict] = judge(datastoreCovered, STATEFUL_SET, database(), "anyone");
      assert.equal(verdict?.enforcementLevel, "advisory");
      const service = { service: withoutBackups("orders") };
      assert.equal(judge(datastoreCovered, COMPONENT, service, "anyone")[0]?.enforcementLevel, undefined);
    });

    const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
    const clusters: [what: string, spec: object, faults: [code: string, path: string][]][] = [
      ["has an object store", { backup: { barmanObjectStore: { destinationPath: "s3://orders" } } }, []],
      ["has snapshots", { backup: { volumeSnapshot: { className: "csi" } } }, []],
      ["has a plugin", { plugins: [{ name: "barman-cloud.cloudnative-pg.io" }] }, []],
      ["is a replica of another", { replica: { enabled: true, source: "orders" } }, []],
      ["has nothing", {}, [["cluster-without-backup", "spec.backup"]]],
      ["only says when to forget", { backup: { retentionPolicy: "30d" } }, [["cluster-without-backup", "spec.backup"]]],
      ["has its plugin off", { plugins: [{ enabled: false }] }, [["cluster-without-backup", "spec.backup"]]],
      ["was a replica", { replica: { enabled: false } }, [["cluster-without-backup", "spec.backup"]]],
    ];
    for (const [what, spec, faults] of clusters) {
      it(`judges CloudNativePG's Cluster that ${what}`, () => assert.deepEqual(foundIn(CLUSTER, { spec }), faults));
    }

    it("judges no other kind of CloudNativePG, and takes a Cluster's reason", () => {
      assert.deepEqual(foundIn("kubernetes:postgresql.cnpg.io/v1:Pooler", { spec: {} }), []);
      const annotations = { "upkeep/unprotected": "a preview's, filled from fixtures" };
      assert.deepEqual(foundIn(CLUSTER, { metadata: { annotations }, spec: {} }), []);
      assert.deepEqual(unknownIn(judge(datastoreCovered, CLUSTER, { spec: { backup: UNKNOWN } })), ["spec.backup"]);
    });

    const INSTANCE = "aws:rds/instance:Instance";
    const off = [["automated-backups-off", "backupRetentionPeriod"]];
    const databases: [type: string, props: object, faults: string[][]][] = [
      [INSTANCE, { backupRetentionPeriod: 7 }, []],
      [INSTANCE, { backupRetentionPeriod: 0 }, off],
      [INSTANCE, {}, off],
      [INSTANCE, { replicateSourceDb: UNKNOWN }, []],
      [INSTANCE, { replicateSourceDb: "orders", backupRetentionPeriod: 0 }, []],
      [INSTANCE, { snapshotIdentifier: "before-the-move" }, []],
      [INSTANCE, { snapshotIdentifier: "before-the-move", backupRetentionPeriod: 0 }, off],
      [INSTANCE, { tags: { "upkeep/backed-up-by": "AWS Backup, in the stack platform" } }, []],
      ["aws:rds/cluster:Cluster", {}, []],
      ["aws:rds/cluster:Cluster", { backupRetentionPeriod: 0 }, off],
      ["aws:docdb/cluster:Cluster", { backupRetentionPeriod: 0 }, off],
      ["aws:rds/clusterInstance:ClusterInstance", {}, []],
    ];
    for (const [type, props, faults] of databases) {
      it(`judges ${type} with ${JSON.stringify(props)}`, () => assert.deepEqual(foundIn(type, props), faults));
    }

    it("says where a retention is not known yet", () => {
      const verdicts = judge(datastoreCovered, INSTANCE, { backupRetentionPeriod: UNKNOWN });
      assert.deepEqual(unknownIn(verdicts), ["backupRetentionPeriod"]);
    });
  });
});
