import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1CronJob } from "@kubernetes/client-node";
import { armor, Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { sandboxEnvironment } from "../../sandbox/engine.ts";
import { ended, runJob } from "../restore/run.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { bucketOf, type Line, type Manifest, manifestsUnder, newest, runWatched } from "./exported.ts";

const namespace = "tapio-system";
const job = "tapio-config-backup";
const restore = `${job}-restore`;
const name = "restore-test";

/** Where copies of the Job publish that are not the service's backup. */
const aside = `tests/${randomUUID()}/`;

// In no other text by chance, as it is and in base64.
const plain = `plain-${randomBytes(18).toString("hex")}`;
const hidden = [plain, Buffer.from(plain).toString("base64")];

const metadata = { name, namespace, labels: { test: name } };
const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "a.txt": "before", kept: "same" } };
const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata,
  type: "Opaque",
  data: { password: Buffer.from(plain).toString("base64") },
};
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata,
  spec: {
    replicas: 0,
    selector: { matchLabels: { test: name } },
    template: {
      metadata: { labels: { test: name } },
      spec: { containers: [{ name: "main", image: "example.invalid/none:1", env: [{ name: "A", value: "1" }] }] },
    },
  },
};
const release = {
  ...secret,
  metadata: { ...metadata, name: "sh.helm.release.v1.test.v1" },
  type: "helm.sh/release.v1",
};

describe("configuration with its Secrets", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let identity: string;
  let recipient: string;
  let manifest: Manifest;
  let text: string;
  let lines: Line[];

  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  const apply = (object: object, manager = "somebody") =>
    sandbox.run(
      "kubectl",
      ["apply", "--server-side", "--force-conflicts", `--field-manager=${manager}`, "--filename=-"],
      JSON.stringify(object),
    );
  const live = async (kind: string) => JSON.parse(await inNamespace("get", kind, name, "--output=json"));
  const restored = (environment: Record<string, string>) =>
    runJob(sandbox, namespace, restore, { environment: { PREFIX: aside, IDENTITY: identity, ...environment } });

  before(async () => {
    sandbox = await sandboxUnderTest();
    identity = await generateX25519Identity();
    recipient = await identityToRecipient(identity);
    for (const object of [configMap, secret, deployment, release]) await apply(object);
  });
  after(async () => {
    for (const kind of ["configmap", "secret", "deployment"])
      await inNamespace("delete", kind, "--selector", `test=${name}`);
  });

  it("is published with every Secret encrypted: no value of one is in the artefact, the log or a file of the pod", async () => {
    const run = await runWatched(sandbox, namespace, job, { PREFIX: aside, RECIPIENT: recipient }, hidden);
    assert.ok(run.succeeded, run.log);
    assert.match(run.log, /looked into [2-9] files/);
    ({ manifest, text, lines } = await newest(sandbox, "tapio", aside));
    for (const value of hidden) {
      assert.equal(text.includes(value), false);
      assert.equal(run.log.includes(value), false);
    }
    assert.ok(lines.some((line) => line.kind === "Secret" && line.metadata.name === name));
  });

  it("says in its manifest what it holds and who can read it: custom resources too, but no release of Helm", async () => {
    const secrets = JSON.parse(await inNamespace("get", "secrets", "--output=json")).items as { type: string }[];
    assert.ok(secrets.some(({ type }) => type === release.type));
    const count = secrets.filter(({ type }) => type !== release.type).length;
    const counts = Object.fromEntries(manifest.objects.map(({ kind, count }) => [kind, count]));
    assert.deepEqual([counts.Secret, counts.TapioConfig, counts.CorrelationRule], [count, 1, 1]);
    assert.equal(manifest.recipient, recipient);
  });

  it("holds each Secret whole for who has the identity, and for no one else", async () => {
    const line = lines.find((line) => line.kind === "Secret" && line.metadata.name === name) as Line;
    assert.deepEqual(Object.keys(line), ["age", "apiVersion", "kind", "metadata"]);
    const read = (by: string) => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(by);
      return decrypter.decrypt(armor.decode(line.age as string), "text");
    };
    assert.deepEqual(JSON.parse(await read(identity)), secret);
    await assert.rejects(read(await generateX25519Identity()), /no identity matched/);
  });

  it("is compared before anything is applied, object by object, without a value", async () => {
    await apply({ ...configMap, data: { "a.txt": "after", kept: "same" } }, "upkeep-restore");
    await inNamespace("delete", "deployment", name);
    await inNamespace("delete", "secret", name);
    const { succeeded, log } = await restored({ DRY_RUN: "1" });
    assert.match(log, new RegExp(`^create +Deployment/${name}$`, "m"));
    assert.match(log, new RegExp(`^create +Secret/${name}$`, "m"));
    assert.match(log, /^same +TapioConfig\/tapio$/m);
    assert.match(log, new RegExp(`^change +ConfigMap/${name}: data\\["a.txt"\\]$`, "m"));
    for (const value of hidden) assert.equal(log.includes(value), false);
    assert.equal((await live("configmap")).data["a.txt"], "after");
    await assert.rejects(live("deployment"), /NotFound/);
    assert.ok(succeeded, log);
  });

  it("is not applied without the target's name, nor with another's, nor without who can read the Secrets", async () => {
    const wrong: [Record<string, string>, RegExp][] = [
      [{}, /nothing was applied: set CONFIRM=tapio-system to apply, or DRY_RUN=1 to compare only/],
      [{ CONFIRM: "tapio" }, /CONFIRM is "tapio" and the target is namespace "tapio-system"/],
      [{ CONFIRM: namespace, IDENTITY: "" }, /holds \d+ encrypted Secrets and IDENTITY holds no age identity/],
      [
        { CONFIRM: namespace, IDENTITY: await generateX25519Identity() },
        /IDENTITY is not that of the backup's recipient/,
      ],
      [{ CONFIRM: namespace, FORCE: "ConfigMap/none" }, /FORCE names ConfigMap\/none, which the backup does not hold/],
    ];
    const runs = await Promise.all(wrong.map(([environment]) => restored(environment)));
    for (const [at, { exitCode, log }] of runs.entries()) {
      assert.equal(exitCode, 64, log);
      assert.match(log, wrong[at]?.[1] as RegExp);
    }
    assert.equal((await live("configmap")).data["a.txt"], "after");
    await assert.rejects(live("secret"), /NotFound/);
  });

  it("is not restored by a job that decrypts nothing, because its datastore declares no recipient, until the Secrets are skipped", async () => {
    const restoredByMplp = (environment: Record<string, string>) =>
      runJob(sandbox, "mplp-production", "mplp-config-backup-restore", {
        environment: { BUCKET: bucketOf("tapio"), PREFIX: aside, DRY_RUN: "1", IDENTITY: identity, ...environment },
      });
    const { exitCode, log } = await restoredByMplp({});
    assert.equal(exitCode, 64, log);
    assert.match(
      log,
      /holds \d+ encrypted Secrets, and this job decrypts none, .* set SECRETS=skip, or restore them with /,
    );
    assert.doesNotMatch((await restoredByMplp({ SECRETS: "skip" })).log, /encrypted Secrets|decrypts none/);
  });

  it("comes back as it was, but for what another owns: that is named, and the run fails", async () => {
    await apply({ ...configMap, data: { "a.txt": "theirs", kept: "same" } });
    const { exitCode, log } = await restored({ CONFIRM: namespace });
    assert.equal(exitCode, 1, log);
    assert.match(log, new RegExp(`^conflict +ConfigMap/${name}: data.a.txt \\(conflict with "somebody".*\\)$`, "m"));
    assert.match(log, new RegExp(`^created +Deployment/${name}$`, "m"));
    assert.match(log, /1 of \d+ objects were not applied; the others are/);
    assert.equal((await live("configmap")).data["a.txt"], "theirs");
    assert.deepEqual((await live("secret")).data, secret.data);
    const [container] = (await live("deployment")).spec.template.spec.containers;
    assert.deepEqual([container.image, container.env], ["example.invalid/none:1", [{ name: "A", value: "1" }]]);
  });

  it("takes what another owns where the object is named", async () => {
    const { succeeded, log } = await restored({ CONFIRM: namespace, FORCE: `ConfigMap/${name}` });
    assert.ok(succeeded, log);
    assert.match(log, new RegExp(`^changed +ConfigMap/${name} \\(taken from its owners\\)$`, "m"));
    assert.deepEqual((await live("configmap")).data, configMap.data);
  });

  it("is restored from a laptop by the same program, behind kubectl proxy", async () => {
    const folder = await mkdtemp(join(tmpdir(), "upkeep-laptop-"));
    await writeFile(join(folder, "backup.jsonl"), text);
    await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
    await inNamespace("delete", "secret", name);
    const env = await sandboxEnvironment(sandbox.settings);
    const proxy = execa("kubectl", ["proxy", "--port=0"], { env, extendEnv: false, reject: false });
    try {
      const [serving] = await once(proxy.stdout, "data");
      const kinds = [
        { kind: "ConfigMap", apiVersion: "v1", resource: "configmaps" },
        { kind: "Secret", apiVersion: "v1", resource: "secrets" },
      ];
      const only = text.split("\n").filter((line) => /"kind":"(ConfigMap|Secret)"/.test(line) && line.includes(name));
      await writeFile(join(folder, "backup.jsonl"), `${only.join("\n")}\n`);
      const { stdout } = await execa(process.execPath, [join(clone, "programs/configuration/restore-secrets.ts")], {
        env: {
          ...{ API: `http://${/127\.0\.0\.1:\d+/.exec(String(serving))?.[0]}`, SCRATCH: folder, NAMESPACE: namespace },
          ...{
            KINDS: JSON.stringify(kinds),
            IDENTITY: `# public key: ${recipient}\n${identity}\n`,
            CONFIRM: namespace,
          },
        },
        extendEnv: false,
      });
      assert.match(stdout, new RegExp(`^created +Secret/${name}$`, "m"));
      assert.deepEqual((await live("secret")).data, secret.data);
    } finally {
      proxy.kill();
      await rm(folder, { recursive: true });
    }
  });

  it("is not published where one of its kinds is denied, and the kind is named", async () => {
    const elsewhere = `${aside}denied/`;
    const kinds = [
      { kind: "ConfigMap", apiVersion: "v1", resource: "configmaps" },
      { kind: "StatefulSet", apiVersion: "apps/v1", resource: "statefulsets" },
    ];
    const { succeeded, log } = await runJob(sandbox, namespace, job, {
      environment: { PREFIX: elsewhere, KINDS: JSON.stringify(kinds) },
    });
    assert.equal(succeeded, false, log);
    assert.match(log, /^StatefulSet: .* answers 403 to GET .*\/statefulsets\?limit=50: .*cannot list resource/m);
    assert.match(log, /nothing is published/);
    assert.deepEqual(await manifestsUnder(sandbox, "tapio", elsewhere), []);
  });
});

describe("configuration that is restored elsewhere", function () {
  this.timeout("10m");
  const production = "mplp-production";
  const recovery = "mplp-recovery";
  const mplp = "mplp-config-backup-restore";
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await sandboxUnderTest();
  });

  it("is started by the command that its job gives", async () => {
    const found = await sandbox.kubectl("--namespace", production, "get", "cronjob", mplp, "--output=json");
    const command = (JSON.parse(found) as V1CronJob).metadata?.annotations?.["upkeep/start"] as string;
    assert.match(command, / CONFIRM=mplp-production /);
    const started = await sandbox.run("bash", ["-c", command]);
    const { succeeded, log } = await ended(
      sandbox,
      production,
      /job\.batch\/(\S+) created/.exec(started)?.[1] as string,
    );
    assert.ok(succeeded, log);
    assert.match(log, /^same +ConfigMap\/mplp-config$/m);
  });

  it("is in the declared recovery namespace, confirmed by that namespace's name", async () => {
    const environment = { TARGET_NAMESPACE: recovery, CONFIRM: recovery };
    const { succeeded, log } = await runJob(sandbox, production, mplp, { environment });
    assert.ok(succeeded, log);
    const data = async (at: string) =>
      JSON.parse(await sandbox.kubectl("--namespace", at, "get", "configmap", "mplp-config", "--output=json")).data;
    assert.deepEqual(await data(recovery), await data(production));
    await sandbox.kubectl(
      "--namespace",
      recovery,
      "delete",
      "configmap",
      "mplp-config",
      "postgresql-data",
      "web-service",
    );
  });

  it("is refused by the API in any other namespace", async () => {
    const environment = { TARGET_NAMESPACE: "tapio-system", CONFIRM: "tapio-system" };
    const { exitCode, log } = await runJob(sandbox, production, mplp, { environment });
    assert.equal(exitCode, 1, log);
    assert.match(
      log,
      /^refused +ConfigMap\/mplp-config: .*cannot get resource "configmaps".* in the namespace "tapio-system"/m,
    );
  });
});
