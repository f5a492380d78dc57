import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { clone } from "../../cli/common/paths.ts";
import { compliantBucket } from "../policies/buckets.ts";
import { UNKNOWN } from "../policies/judge.ts";
import { backupCronJob, compliantCronJob, cronJobWith, POD } from "../policies/manifests.ts";
import { set } from "../policies/set.ts";
import { type Analyzer, startAnalyzer } from "./analyzer.ts";

const pack = join(clone, "policies");
const CRONJOB = "kubernetes:batch/v1:CronJob";
const PROMETHEUS_RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
/** The label by which a resource asks for all rules. */
const OURS = { "upkeep/rules": "own" };
/** No server listens there: the pack must not need the engine. */
const ENGINE = "127.0.0.1:1";

/** How an engine starts a pack: what it runs, with what, in which folder. */
const forms: { form: string; command: string; args: string[]; directory: string }[] = [
  {
    // pulumi-language-nodejs, RunPlugin: the engine's address, the pack's folder last, and that folder as working directory.
    form: "as a directory, through the host of a stock Pulumi",
    command: process.execPath,
    args: [join(clone, "node_modules/@pulumi/pulumi/cmd/run-policy-pack"), ENGINE, pack],
    directory: pack,
  },
  {
    // The engine's NewPolicyAnalyzer: from the folder that `pulumi` was started in.
    form: "as an executable",
    command: join(pack, "upkeep"),
    args: [ENGINE],
    directory: "/",
  },
];

for (const { form, command, args, directory } of forms) {
  describe(`the policy pack, started ${form}`, function () {
    this.timeout(60_000);
    let analyzer: Analyzer;
    before(async () => {
      analyzer = await startAnalyzer(command, args, directory);
    });
    after(() => analyzer?.stop());

    it("announces its name, its version and its mandatory policies", async () => {
      const { name, version, policies } = await analyzer.info();
      assert.equal(name, "upkeep-policies");
      assert.equal(version, JSON.parse(readFileSync(join(pack, "package.json"), "utf8")).version);
      const names = [
        "alert-actionable",
        "alert-well-formed",
        "backup-fails-loudly",
        "backup-watched",
        "bucket-hardened",
        "critical-reaches-a-person",
        "cronjob-ends-and-starts",
        "datastore-covered",
        "drill-declared",
        "image-pinned",
        "least-privilege",
        "no-inline-secret",
        "pod-restricted",
        "protect-what-holds-data",
        "quantity-and-zone-valid",
        "recovery-point-kept",
        "resources-set",
        "exemptions-in-date",
      ];
      assert.deepEqual(
        policies,
        names.map((name) => ({ name, level: "mandatory" })),
      );
    });

    it("accepts a compliant CronJob", async () => {
      assert.deepEqual(await analyzer.analyze(CRONJOB, compliantCronJob()), []);
    });

    it("refuses a violating CronJob, each policy with the path in its message", async () => {
      const job = cronJobWith(`${POD}.containers.0.image`, "postgres:latest");
      set(job, "spec.concurrencyPolicy", "Allow");
      set(job, "metadata.labels", OURS);
      const diagnostics = await analyzer.analyze(CRONJOB, job);
      assert.deepEqual(
        diagnostics.map(({ policy, level }) => [policy, level]),
        [
          ["cronjob-ends-and-starts", "mandatory"],
          ["image-pinned", "mandatory"],
        ],
      );
      assert.match(
        diagnostics[0]?.message ?? "",
        /^cronjob-ends-and-starts: CronJob shop\/orders-backup: spec\.concurrencyPolicy /,
      );
      assert.match(diagnostics[1]?.message ?? "", /containers\[name=dump\]\.image is "postgres:latest"/);
    });

    it("says in an advisory line what it could not judge, and blocks for the rest", async () => {
      const job = cronJobWith(`${POD}.containers.0.image`, UNKNOWN);
      set(job, "spec.concurrencyPolicy", "Allow");
      set(job, "metadata.labels", OURS);
      const diagnostics = await analyzer.analyze(CRONJOB, job);
      assert.deepEqual(
        diagnostics.map(({ policy, level }) => [policy, level]),
        [
          ["cronjob-ends-and-starts", "mandatory"],
          ["image-pinned", "advisory"],
        ],
      );
      assert.match(
        diagnostics[1]?.message ?? "",
        /not checked, because not known before the update: spec\.jobTemplate/,
      );
    });

    it("refuses with each policy about single resources what that one is about", async () => {
      const password = { name: "PGPASSWORD", value: "hunter2" };
      const weekly = { ...backupCronJob(), spec: { ...compliantCronJob().spec, schedule: "0 2 * * 0" } };
      const service = { datastores: [{ kind: "redis", name: "main" }], backups: [] };
      const violations: [policy: string, type: string, properties: Record<string, JavaScriptValue>][] = [
        [
          "alert-well-formed",
          PROMETHEUS_RULE,
          { spec: { groups: [{ name: "g", rules: [{ record: "a:b:c", expr: "" }] }] } },
        ],
        ["datastore-covered", "upkeep:index:MaintainedService", { service }],
        ["no-inline-secret", CRONJOB, cronJobWith(`${POD}.containers.0.env`, [password])],
        ["recovery-point-kept", CRONJOB, weekly],
      ];
      for (const [policy, type, properties] of violations) {
        const [diagnostic, ...rest] = await analyzer.analyze(type, properties);
        assert.deepEqual(rest, []);
        assert.deepEqual([diagnostic?.policy, diagnostic?.level], [policy, "mandatory"]);
        assert.ok(diagnostic?.message.startsWith(`${policy}: `), diagnostic?.message);
      }
    });

    it("judges a stack as a whole, and names the resource", async () => {
      const stack = compliantBucket().map(({ type, name, props, from }) => ({
        type,
        name,
        // A preview does not know the name of a bucket that its provider names.
        properties: { ...props, ...(name !== "BucketPolicy" && name !== "bucket" && { bucket: UNKNOWN }) },
        ...(from && { bucket: "bucket" }),
      }));
      assert.deepEqual(await analyzer.analyzeStack(stack), []);
      const [diagnostic, ...rest] = await analyzer.analyzeStack(
        stack.filter(({ name }) => name !== "BucketVersioning"),
      );
      assert.deepEqual(rest, []);
      assert.deepEqual(
        [diagnostic?.policy, diagnostic?.level, diagnostic?.urn],
        ["bucket-hardened", "mandatory", "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::bucket"],
      );
      assert.match(diagnostic?.message ?? "", /^bucket-hardened: Bucket bucket: BucketVersioning is missing; /);
    });

    it("does not decode what the engine asks of remediations while no policy is set to remediate", async () => {
      assert.equal(await analyzer.remediate(Buffer.from("no message")), 0);
    });

    it("refuses a configuration that means nothing, with the nearest name", async () => {
      await assert.rejects(
        analyzer.configure({ "image-pined": { enforcementLevel: "mandatory" } }),
        /the configuration of upkeep-policies cannot be used:\n- image-pined .* Fix: did you mean image-pinned\?/,
      );
      await assert.rejects(
        analyzer.configure({ "image-pinned": { enforcementLevel: "disabled" } }),
        /image-pinned\.reason is missing/,
      );
    });

    it("follows a configuration: a profile, a lowered level, an exemption", async () => {
      const terms = { reason: "the registry's mirror is being moved", until: dayIn(30) };
      const exemption = {
        policy: "cronjob-ends-and-starts",
        resource: "CronJob shop/orders-backup",
        path: "spec.concurrencyPolicy",
        owner: "team-shop",
        ticket: "SHOP-123",
        ...terms,
      };
      await analyzer.configure({
        all: { enforcementLevel: "mandatory", profile: "core" },
        "exemptions-in-date": { enforcementLevel: "mandatory", exemptions: [exemption] },
        "image-pinned": { enforcementLevel: "disabled", ...terms },
      });
      const job = cronJobWith(`${POD}.containers.0.image`, "postgres:latest");
      job.spec.concurrencyPolicy = "Allow";
      const diagnostics = await analyzer.analyze(CRONJOB, job);
      assert.deepEqual(
        diagnostics.map(({ policy, level }) => [policy, level]),
        [["cronjob-ends-and-starts", "advisory"]],
      );
      assert.match(diagnostics[0]?.message ?? "", /exempt until .*: spec\.concurrencyPolicy\.\nReason: the registry's/);
      const ofStack = await analyzer.analyzeStack([{ type: CRONJOB, name: "nightly", properties: job }]);
      const shown = ofStack.find(({ policy }) => policy === "exemptions-in-date");
      assert.equal(shown?.level, "advisory");
      assert.match(shown.message, /^exemptions-in-date: image-pinned is disabled until /);
      await analyzer.configure({ all: { enforcementLevel: "mandatory", profile: "house" } });
    });

    it("survives a value of the wrong shape, with a violation that names it", async () => {
      const diagnostics = await analyzer.analyze(CRONJOB, {
        spec: { jobTemplate: { spec: { template: { spec: { volumes: 3 } } } } },
      });
      assert.ok(diagnostics.some(({ message }) => /\.volumes is a number; allowed: a list/.test(message)));
      assert.deepEqual(await analyzer.analyze(CRONJOB, compliantCronJob()), []);
    });
  });
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

describe("the policy pack's executable", function () {
  this.timeout(60_000);
  it("starts without what no policy calls: TypeScript, npm's resolver and the automation API", async () => {
    const program = `
      import { createRequire } from "node:module";
      await import(${JSON.stringify(join(pack, "index.js"))});
      await import(${JSON.stringify(join(pack, "pack.ts"))});
      const loaded = Object.values(createRequire(import.meta.url).cache).filter(({ children }) => children.length > 0);
      console.log(JSON.stringify(loaded.map(({ filename }) => filename)));
      process.exit();
    `;
    const args = ["--input-type=module", "--eval", program, "pack", ENGINE];
    const { stdout } = await execa(process.execPath, args, { cwd: pack });
    const loaded: string[] = JSON.parse(stdout.split("\n").at(-1) ?? "");
    assert.ok(loaded.some((file) => file.endsWith("@pulumi/pulumi/runtime/index.js")));
    assert.deepEqual(
      loaded.filter((file) => /arborist|typescript|\/automation\//.test(file)),
      [],
    );
  });

  it("says which Node it needs when it is started by one that cannot run TypeScript", async () => {
    const old = [process.execPath, "--no-experimental-strip-types", join(pack, "upkeep"), ENGINE];
    await assert.rejects(
      startAnalyzer("/usr/bin/env", old, "/"),
      /upkeep-policies: Node is v\S+; needed: 22\.18 or later\. Fix: put a newer node first on PATH/,
    );
  });
});
