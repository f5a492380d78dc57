import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { besideOthers } from "../support/sideBySide.ts";
import { runJob } from "./run.ts";
import { type Manifest, Shelf } from "./shelf.ts";

interface Record {
  schema: string;
  passed: boolean;
  backup: string;
  dataStartedAt: string;
  seconds: { fetch: number; restore: number; verify: number };
  recoveryTime: number;
  serverVersion: string;
  failed?: string;
  exitCode?: number;
}

const datastores = [
  { service: "mplp", namespace: "mplp-production", job: "mplp-drill", from: "database/", version: /^17\./ },
  {
    service: "lang-observatory",
    namespace: "lang-observatory",
    job: "postgres-drill",
    from: "database/",
    version: /^15\./,
  },
  { service: "mplp", namespace: "mplp-production", job: "mplp-redis-drill", from: "redis/", version: /^8\./ },
];

const [mplp] = datastores as [(typeof datastores)[number]];

describe("a drill", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await sandboxUnderTest();
  });
  const at = besideOthers(3);

  for (const { service, namespace, job, from, version } of datastores) {
    at(`${job} restores the newest good backup, records how long that took, and copies it to golden/`, async () => {
      const shelf = await Shelf.of(sandbox, service, from);
      const { startedAt } = shelf.original;
      const name = await shelf.backup(startedAt);
      await shelf.backup("2026-01-01T00:00:00Z");
      await shelf.backup("2099-01-01T00:00:00Z", {}, "suspect");
      const { succeeded, log } = await runJob(sandbox, namespace, job, { environment: { PREFIX: shelf.prefix } });
      assert.ok(succeeded, log);

      const records = await shelf.keys("drills/");
      assert.equal(records.length, 1);
      assert.match(records[0] as string, new RegExp(`drills/${name}-\\d{8}T\\d{6}Z\\.json$`));
      const record = await shelf.read<Record>(records[0] as string);
      assert.deepEqual(
        [record.schema, record.passed, record.backup, record.dataStartedAt, record.recoveryTime, record.failed],
        ["upkeep/drill/v1", true, name, startedAt, 4 * 3600, undefined],
      );
      assert.match(record.serverVersion, version);
      for (const seconds of Object.values(record.seconds)) assert.ok(Number.isInteger(seconds) && seconds >= 0);

      const golden = await shelf.read<Manifest>(`${shelf.prefix}golden/manifest.json`);
      assert.equal(golden.name, name);
      assert.equal(golden.sha256, shelf.original.sha256);
      assert.ok(golden.key.startsWith(`${shelf.prefix}golden/backup.`), golden.key);
      const again = await runJob(sandbox, namespace, job, { environment: { PREFIX: shelf.prefix, BACKUP: "golden" } });
      assert.ok(again.succeeded, again.log);
    });
  }

  const control = "2026-06-01T00:00:00Z";
  const broken = "2026-06-02T00:00:00Z";

  at("restores a version that the lifecycle has hidden while a legal hold keeps it", async () => {
    const shelf = await Shelf.of(sandbox, mplp.service, mplp.from);
    await shelf.backup("2026-05-31T00:00:00Z");
    const { key, versionId } = await shelf.data();
    const held = await shelf.backup(control, { key, versionId });
    await shelf.hide(key);
    await shelf.hide(shelf.manifest(held));
    const { succeeded, log } = await drill(shelf);
    assert.ok(succeeded, log);
    assert.match(log, new RegExp(`fetched ${held} `));
  });

  at("restores what was published, whatever was put over it later", async () => {
    const shelf = await Shelf.of(sandbox, mplp.service, mplp.from);
    const { key, versionId } = await shelf.data();
    const name = await shelf.backup(control, { key, versionId });
    await shelf.put(key, "something else");
    await shelf.put(shelf.manifest(name), "{}");
    const { succeeded, log } = await drill(shelf);
    assert.ok(succeeded, log);
  });

  const faults: {
    name: string;
    plant?: (shelf: Shelf) => Promise<unknown>;
    environment?: { [name: string]: string };
    exitCode: number;
    says: RegExp;
  }[] = [
    {
      name: "no backup at all",
      plant: async () => {},
      exitCode: 10,
      says: /no good backup lies under s3:.*manifests\//,
    },
    {
      name: "a suspect backup alone",
      plant: (shelf) => shelf.backup(broken, {}, "suspect"),
      exitCode: 10,
      says: /no good backup lies under/,
    },
    {
      name: "a garbled manifest",
      plant: (shelf) => shelf.backup(broken, '{"schema": "upkeep/backup-man'),
      exitCode: 11,
      says: /cannot be used: it is no JSON; take the backup before it with BEFORE=20260602/,
    },
    {
      name: "a manifest of another schema",
      plant: (shelf) =>
        shelf.backup(broken, JSON.stringify({ ...shelf.original, schema: "upkeep/backup-manifest/v9" })),
      exitCode: 11,
      says: /cannot be used: its schema is upkeep\/backup-manifest\/v9, not upkeep\/backup-manifest\/v1/,
    },
    {
      name: "a manifest of another kind of datastore",
      plant: (shelf) => shelf.backup(broken, { kind: "redis" } as object),
      exitCode: 11,
      says: /cannot be used: it is of kind redis, not postgres/,
    },
    {
      name: "a manifest without a checksum",
      plant: (shelf) => shelf.backup(broken, { sha256: "" }),
      exitCode: 11,
      says: /cannot be used: its sha256 is /,
    },
    {
      name: "a manifest whose data is gone",
      plant: async (shelf) => shelf.backup(broken, { ...(await shelf.data()), versionId: shelf.original.versionId }),
      exitCode: 12,
      says: /names s3:.*, version .*, which is not there/,
    },
    {
      name: "data that was changed",
      plant: async (shelf) => {
        const { key } = await shelf.data();
        const { bytes } = shelf.original;
        await shelf.backup(broken, await shelf.put(key, "x".repeat(bytes)));
      },
      exitCode: 13,
      says: /has the sha256 .*: it is not the data that was backed up/,
    },
    {
      name: "a wrong checksum in the manifest",
      plant: (shelf) => shelf.backup(broken, { sha256: "0".repeat(64) }),
      exitCode: 13,
      says: /has the sha256 .*; its manifest says 0{64}/,
    },
    {
      name: "a wrong size in the manifest",
      plant: (shelf) => shelf.backup(broken, { bytes: 7 }),
      exitCode: 13,
      says: /has \d+ bytes; its manifest says 7/,
    },
    {
      name: "data that is no dump",
      plant: async (shelf) => {
        const text = "x".repeat(4096);
        const put = await shelf.put(`${shelf.prefix}data/daily/text.dump`, text);
        await shelf.backup(broken, {
          ...put,
          bytes: text.length,
          sha256: createHash("sha256").update(text).digest("hex"),
        });
      },
      exitCode: 20,
      says: /the drill of 20260602T000000Z-.* failed: the dump is neither pg_dump's custom format nor that in zstd: .*unsupported format/,
    },
    {
      name: "a manifest that says other rows",
      plant: (shelf) => {
        const [first, ...rest] = shelf.original.tables as { name: string; rows: number }[];
        return shelf.backup(broken, { tables: [{ name: first?.name as string, rows: 1_000_000 }, ...rest.slice(1)] });
      },
      exitCode: 21,
      says: /has \d+ rows; the manifest says 1000000; .* is there; the manifest does not name it/,
    },
    {
      name: "stale data",
      environment: { FRESHNESS: "SELECT max(created_at) FROM plans WHERE created_at < '2025-12-31'" },
      exitCode: 22,
      says: /the data is stale: it ends at 2025-.*, and with a recovery point of 26:00:00, it must not end before/,
    },
    {
      name: "data without a newest time",
      environment: { FRESHNESS: "SELECT max(created_at) FROM plans" },
      exitCode: 22,
      says: /the data is stale: it holds no newest time/,
    },
    {
      name: "an assertion that does not hold",
      environment: {
        ASSERTIONS: JSON.stringify(["SELECT count(*) > 0 FROM plans", "SELECT count(*) > 0 FROM audit_holds"]),
      },
      exitCode: 23,
      says: /these assertions do not hold: SELECT count\(\*\) > 0 FROM audit_holds/,
    },
    {
      name: "an assertion that cannot be asked",
      environment: { ASSERTIONS: JSON.stringify(["SELECT count(*) > 0 FROM nowhere"]) },
      exitCode: 23,
      says: /relation "nowhere" does not exist/,
    },
  ];

  at("passes where the data is fresh and every assertion holds", async () => {
    const shelf = await Shelf.of(sandbox, mplp.service, mplp.from);
    await shelf.backup(control);
    const { succeeded, log } = await drill(shelf, {
      FRESHNESS: "SELECT timestamptz '2026-05-30 22:00:00+00'",
      ASSERTIONS: JSON.stringify(["SELECT count(*) = 20000 FROM plans", "SELECT count(*) = 0 FROM audit_holds"]),
    });
    assert.ok(succeeded, log);
  });

  for (const fault of faults) at(`fails on ${fault.name}, says so, and leaves golden/ alone`, () => fails(fault));

  at("that takes longer than the recovery time is ended, and copies nothing", async () => {
    const shelf = await Shelf.of(sandbox, mplp.service, mplp.from);
    await shelf.backup(control);
    const environment = { PREFIX: shelf.prefix, ASSERTIONS: JSON.stringify(["SELECT true FROM pg_sleep(300)"]) };
    const { succeeded, log } = await runJob(sandbox, mplp.namespace, mplp.job, { environment, deadlineSeconds: 20 });
    assert.equal(succeeded, false);
    assert.match(log, /DeadlineExceeded/);
    assert.deepEqual(await shelf.keys("golden/"), []);
  });

  it("can reach S3, and no server of its namespace", async () => {
    const policy = JSON.parse(
      await sandbox.kubectl("--namespace", mplp.namespace, "get", "networkpolicy", mplp.job, "--output=json"),
    );
    const ports = policy.spec.egress.flatMap(({ ports = [] }: { ports?: { port: number }[] }) =>
      ports.map(({ port }) => port),
    );
    assert.deepEqual(ports, [53, 53, 8333]);
    assert.equal(policy.spec.ingress, undefined);
  });

  async function fails({ plant, environment, exitCode, says }: (typeof faults)[number]): Promise<void> {
    const shelf = await Shelf.of(sandbox, mplp.service, mplp.from);
    // An older good backup is there, and the drill does not fall back to it.
    if (exitCode !== 10) await shelf.backup(control);
    await (plant ?? ((to) => to.backup(broken)))(shelf);
    const outcome = await drill(shelf, environment);
    assert.equal(outcome.succeeded, false, outcome.log);
    assert.match(outcome.log, says);
    assert.equal(outcome.exitCode, exitCode, outcome.log);
    const [key, ...more] = await shelf.keys("drills/");
    assert.deepEqual(more, []);
    const record = await shelf.read<Record>(key as string);
    assert.deepEqual([record.passed, record.exitCode], [false, exitCode]);
    assert.ok(record.failed && outcome.log.includes(record.failed.split("\n")[0] as string), record.failed);
    assert.deepEqual(await shelf.keys("golden/"), []);
  }

  function drill(shelf: Shelf, environment: { [name: string]: string } = {}) {
    return runJob(sandbox, mplp.namespace, mplp.job, { environment: { PREFIX: shelf.prefix, ...environment } });
  }
});
