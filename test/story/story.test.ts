import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { edited, pulumi, type Sandbox, sandboxUnderTest, up } from "../support/sandbox.ts";
import { firedByItself } from "./fired.ts";
import {
  bucket,
  type Manifest,
  manifest as manifestOf,
  manifests as manifestsOf,
  namespace,
  scheduleOf,
} from "./job.ts";
import { largeObjects, restored } from "./restored.ts";

const job = "mplp-backup";
const prefix = "database/";
const serviceFile = "services/mplp.ts";

describe("the story of one backup", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let manifest: Manifest<{ tables: { name: string; rows: number }[] }>;
  const manifests = () => manifestsOf(sandbox, prefix);

  before(async () => {
    sandbox = await sandboxUnderTest();
  });

  it("`make up` again changes nothing and ends with what exists and what it keeps", async () => {
    const { stdout, all } = await execa("make", ["up"], { cwd: clone, all: true, stdin: "ignore" });
    assert.match(all, /Resources:\n\s+\d+ unchanged\n/);
    assert.doesNotMatch(all, /\d+ (to )?(created?|updated?|deleted?|replaced?)/);
    assert.match(stdout, /mplp {2}\(namespace mplp-production, team mplp-operations\)/);
    assert.match(stdout, /newest {5}\S+: \d+ tables, \d+ rows, \d+ bytes, read back whole/);
  });

  it("its CronJob fires by itself, and its pod publishes under enforced pod security", async () => {
    const labels = await sandbox.kubectl("get", "namespace", namespace, "--output=jsonpath={.metadata.labels}");
    assert.match(labels, /"pod-security.kubernetes.io\/enforce":"restricted"/);
    manifest = await manifestOf(sandbox, prefix, await firedByItself(sandbox, job, prefix));
  });

  it("what its manifest says is what is in S3", async () => {
    const head = JSON.parse(
      await sandbox.aws(
        "s3api",
        "head-object",
        "--bucket",
        bucket,
        "--key",
        manifest.key,
        "--version-id",
        manifest.versionId,
      ),
    );
    assert.equal(head.ContentLength, manifest.bytes);
    const sum = await sandbox.run("bash", [
      "-o",
      "pipefail",
      "-c",
      `aws s3 cp s3://${bucket}/${manifest.key} - | sha256sum`,
    ]);
    assert.equal(sum.split(" ")[0], manifest.sha256);
  });

  it("its dump restores into an empty server row for row", async () => {
    const { live, copy } = await restored(sandbox, `s3://${bucket}/${manifest.key}`);
    assert.ok(live.length > 3, `only ${live.length} tables: the database holds too little to prove anything`);
    assert.deepEqual(copy, live);
    const rows = Object.fromEntries(
      live.filter(({ name }) => name !== largeObjects).map(({ name, rows: count }) => [name, count]),
    );
    assert.deepEqual(Object.fromEntries(manifest.tables.map(({ name, rows: count }) => [name, count])), rows);
  });

  it("a changed schedule updates exactly one Kubernetes object", async () => {
    const change = edited(serviceFile, ['daily("02:00")', 'daily("03:00")']);
    try {
      const before = await objects();
      const { exitCode, text } = await up(sandbox, change.folder);
      assert.equal(exitCode, 0, text);
      const after = await objects();
      const changed = Object.keys(after).filter((name) => !isDeepStrictEqual(after[name], before[name]));
      assert.deepEqual(changed, [`CronJob ${namespace}/${job}`]);
      assert.equal(await schedule(), "0 3 * * *");
    } finally {
      change.remove();
      assert.equal((await up(sandbox, clone, "--skip-preview")).exitCode, 0);
    }
  });

  it("a removed backup is refused while its datastore gives no reason", async () => {
    const change = edited(serviceFile, [await declaredBackup(), ""]);
    const { exitCode, text } = await up(sandbox, change.folder);
    change.remove();
    assert.notEqual(exitCode, 0);
    assert.match(text, /datastores "main" is without a backup; allowed: a backup, or a stated reason for having none/);
    assert.equal(await schedule(), "0 2 * * *");
  });

  it("a removed backup takes its CronJob and keeps its data", async () => {
    const kept = await manifests();
    const change = edited(
      serviceFile,
      [await declaredBackup(), ""],
      ['host: "postgresql",', 'host: "postgresql", unprotected: "a test",'],
    );
    try {
      const { exitCode, text } = await up(sandbox, change.folder);
      assert.equal(exitCode, 0, text);
      assert.equal(
        await sandbox.kubectl("--namespace", namespace, "get", "cronjob", job, "--ignore-not-found", "--output=name"),
        "",
      );
      assert.deepEqual(await manifests(), kept);
    } finally {
      change.remove();
      assert.equal((await up(sandbox, clone, "--skip-preview")).exitCode, 0);
    }
    assert.equal(await schedule(), "0 2 * * *");
  });

  it("destroy is refused by what is protected, and takes nothing", async () => {
    const { exitCode, text } = await pulumi(sandbox, clone, "destroy", "--yes");
    assert.notEqual(exitCode, 0);
    assert.match(text, /mplp-backups-bucket.*cannot be deleted|cannot be deleted[\s\S]*protected/);
    assert.equal(await schedule(), "0 2 * * *");
  });

  const schedule = () => scheduleOf(sandbox, job);

  /** Every object that the program declares, without what controllers write in their own time. */
  async function objects(): Promise<Record<string, unknown>> {
    const kinds = "cronjob,configmap,networkpolicy,prometheusrule,serviceaccount,role,rolebinding,secret,hpa,pdb";
    const list = await sandbox.kubectl(
      ...["get", kinds, "--all-namespaces", "--output=json"],
      "--selector=app.kubernetes.io/managed-by=upkeep",
    );
    const items = (
      JSON.parse(list) as {
        items: {
          kind: string;
          status: unknown;
          metadata: { namespace: string; name: string; resourceVersion: string; managedFields: unknown };
        }[];
      }
    ).items;
    return Object.fromEntries(
      items.map(({ status, ...object }) => {
        const { kind, metadata } = object;
        const { resourceVersion, managedFields, ...lasting } = metadata;
        return [`${kind} ${metadata.namespace}/${metadata.name}`, { ...object, metadata: lasting }];
      }),
    );
  }
});

/** The text that declares the database's backup. */
async function declaredBackup(): Promise<string> {
  const source = await readFile(`${clone}/${serviceFile}`, "utf8");
  const start = source.indexOf('    backup("main", {');
  const end = "    }),\n";
  return source.slice(start, source.indexOf(end, start) + end.length);
}
