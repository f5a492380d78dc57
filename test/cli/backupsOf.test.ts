import assert from "node:assert/strict";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { copyWith, enableIn } from "../support/copyWith.ts";
import { billing, shop } from "../support/shop.ts";

const uid = "0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11";
const bucket = "shop-backups-prod-111111111111-eu-central-1";

/** What the bucket holds of the database: twelve days, a suspect run, a golden copy, two drills. */
const keys = [
  ...Array.from({ length: 12 }, (_, day) => `database/manifests/daily/202611${String(day + 10)}T020004Z-${uid}.json`),
  `database/manifests/suspect/20261122T020004Z-${uid}.json`,
  "database/golden/backup.dump",
  `database/drills/20261114T020004Z-${uid}-20261115T040002Z.json`,
  `database/drills/20261121T020004Z-${uid}-20261122T040002Z.json`,
  "database/manifests/daily/not-a-backup.json",
];

describe("`make backups-of`", function () {
  this.timeout("5m");
  let folder: string;

  /** A mock of the AWS CLI: it lists those keys by their prefix. */
  const mock = `#!/usr/bin/env node
const [, , ...args] = process.argv;
const prefix = args[args.indexOf("--prefix") + 1];
if (process.env.DENIED) { console.error("An error occurred (AccessDenied) when calling ListObjectVersions"); process.exit(254); }
const found = ${JSON.stringify(keys)}.filter((key) => key.startsWith(prefix));
console.log(found.length ? JSON.stringify(found) : "null");
`;
  const make = (env: Record<string, string>, ...args: string[]) =>
    execa("make", ["--silent", "backups-of", ...args], {
      cwd: folder,
      all: true,
      reject: false,
      stdin: "ignore",
      env: { PATH: `${join(folder, "bin")}:${process.env.PATH}`, ...env },
    });

  before(async () => {
    folder = await copyWith("upkeep-backups-of-", shop, billing);
    await enableIn(folder, "prod", ["billing", "shop"]);
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin/aws"), mock);
    await chmod(join(folder, "bin/aws"), 0o755);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("lists what can be restored, newest first, as a restore takes it, and how to start one", async () => {
    const { all, exitCode } = await make({}, "SERVICE=shop", "STACK=prod");
    assert.equal(exitCode, 0, all);
    const [orders = "", cache = ""] = all.split(/^(?=\S)/m);
    const lines = orders.trimEnd().split("\n");
    assert.deepEqual(lines.slice(0, 3), [
      `orders: postgres, s3://${bucket}/database/manifests/`,
      `  2026-11-22T02:00:04Z  suspect  BACKUP=20261122T020004Z-${uid}`,
      `  2026-11-21T02:00:04Z  daily    BACKUP=20261121T020004Z-${uid}`,
    ]);
    assert.deepEqual(lines.slice(11), [
      "  and 3 older: ALL=1 lists them",
      "  the last one that passed a drill  BACKUP=golden",
      `  the last drill, with how long it took  s3://${bucket}/database/drills/20261121T020004Z-${uid}-20261122T040002Z.json`,
      "  how to start: kubectl --namespace shop get cronjob shop-orders-backup-restore --output jsonpath='{.metadata.annotations.upkeep/start}'",
    ]);
    assert.match(cache, /^cache: redis, .*\n {2}nothing: there is no manifest\n/);
    assert.match(all, /^dashboards: grafana, .*\n.*\n {2}restored by hand: docs\/restore-now\.md$/m);
  });

  it("lists all where ALL is set, and says of a service that declares none that there is none", async () => {
    const { all } = await make({}, "SERVICE=shop", "STACK=prod", "ALL=1");
    assert.equal(all.match(/BACKUP=2026/g)?.length, 13);
    assert.equal((await make({}, "SERVICE=billing", "STACK=prod")).all, "billing declares no backup");
  });

  it("names the services where none is given or known, and says what AWS says", async () => {
    const unknown = await make({}, "SERVICE=shp", "STACK=prod");
    assert.match(
      unknown.all,
      /"shp" is not a service of prod; allowed: billing, shop\. Try: make backups-of SERVICE=billing STACK=prod/,
    );
    assert.notEqual(unknown.exitCode, 0);
    const denied = await make({ DENIED: "1" }, "SERVICE=shop", "STACK=prod");
    assert.match(
      denied.all,
      /aws s3api list-object-versions --bucket \S+ --prefix database\/\S+ failed: An error occurred \(AccessDenied\)/,
    );
    assert.notEqual(denied.exitCode, 0);
  });
});
