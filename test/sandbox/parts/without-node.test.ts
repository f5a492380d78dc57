import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { execa } from "execa";
import { imageNames } from "../../../sandbox/images/names.ts";
import { awsFiles } from "../../../sandbox/parts/aws-profiles.ts";
import { kubectl } from "../../../sandbox/parts/kubectl.ts";
import { startSandbox } from "../../../sandbox/start.ts";
import { stopSandbox } from "../../../sandbox/stop.ts";
import { tool } from "../../../sandbox/tools/index.ts";
import { declareWorld } from "../../../sandbox/world/index.ts";
import { seenOf } from "./host.ts";
import { create, strictNamespace, strictPod } from "./pods.ts";
import { eventually, kill, leaveTraces, parts, s3, sandboxOf, traces } from "./sandboxes.ts";

describe("a sandbox without a node", function () {
  this.timeout("5m");
  const sandbox = sandboxOf(42, false);

  before(() => startSandbox(sandbox));
  after(() => stopSandbox(sandbox));

  const aws = async (profile: string, ...args: string[]) => {
    const files = awsFiles(sandbox);
    const env = { AWS_CONFIG_FILE: files.config, AWS_SHARED_CREDENTIALS_FILE: files.credentials, AWS_PROFILE: profile };
    // The machine's own variables would win over the profile's.
    const { stdout } = await execa(await tool("aws"), args, {
      env: { PATH: process.env.PATH, ...env },
      extendEnv: false,
    });
    return stdout;
  };

  it("takes what exists before the program though no controller has seen its namespaces yet", async () => {
    await kill(sandbox, "controller-manager");
    await declareWorld(sandbox);
    await startSandbox(sandbox);
  });

  it("admits pods and makes them for a Job, but they stay pending", async () => {
    await strictNamespace(sandbox, "strict");
    const template = { spec: strictPod(imageNames.curl, ["true"]) };
    await create(sandbox, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "job", namespace: "strict" },
      spec: { template },
    });
    const phases = () =>
      kubectl(sandbox, ["--namespace=strict", "get", "pod", "--output=jsonpath={.items[*].status.phase}"]);
    assert.equal(await eventually(30, phases, (text) => text !== ""), "Pending");
  });

  it("knows prometheus-operator's kinds", async () => {
    const kinds = await kubectl(sandbox, ["get", "crd", "--output=name"]);
    assert.equal(kinds.split("\n").filter((name) => name.endsWith(".monitoring.coreos.com")).length, 10);
  });

  it("lets the backup writer add and list objects and read manifests, and neither read data, nor delete, nor loosen the bucket", async () => {
    const [admin, writer] = [await s3(sandbox, "admin"), await s3(sandbox, "backup-writer")];
    const at = { Bucket: "backups", Key: "database/dump" };
    await admin.send(new CreateBucketCommand({ Bucket: "backups" }));
    await writer.send(new PutObjectCommand({ ...at, Body: "dump", IfNoneMatch: "*" }));
    const { Contents = [] } = await writer.send(new ListObjectsV2Command({ Bucket: "backups" }));
    assert.deepEqual(
      Contents.map(({ Key }) => Key),
      [at.Key],
    );
    const manifest = { Bucket: "backups", Key: "database/manifests/daily/one.json" };
    await writer.send(new PutObjectCommand({ ...manifest, Body: "{}", IfNoneMatch: "*" }));
    const { Body } = await writer.send(new GetObjectCommand(manifest));
    assert.equal(await Body?.transformToString(), "{}");
    const denied = { name: "AccessDenied" };
    await assert.rejects(writer.send(new GetObjectCommand(at)), denied);
    await assert.rejects(writer.send(new DeleteObjectCommand(at)), denied);
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await assert.rejects(writer.send(new PutBucketPolicyCommand({ Bucket: "backups", Policy })), denied);
  });

  it("lets the reader read objects and not change them", async () => {
    const [admin, reader] = [await s3(sandbox, "admin"), await s3(sandbox, "reader")];
    const at = { Bucket: "readable", Key: "object" };
    await admin.send(new CreateBucketCommand({ Bucket: at.Bucket }));
    await admin.send(new PutObjectCommand({ ...at, Body: "text" }));
    const { Body } = await reader.send(new GetObjectCommand(at));
    assert.equal(await Body?.transformToString(), "text");
    await assert.rejects(reader.send(new PutObjectCommand({ ...at, Body: "other" })), { name: "AccessDenied" });
    await assert.rejects(reader.send(new DeleteObjectCommand(at)), { name: "AccessDenied" });
  });

  it("answers the AWS CLI by profile: objects from SeaweedFS, settings and all other services from moto", async () => {
    await aws("sandbox", "s3", "mb", "s3://by-profile");
    assert.match(await aws("sandbox", "s3", "ls"), /by-profile/);
    assert.doesNotMatch(await aws("sandbox-settings", "s3", "ls"), /by-profile/);
    assert.match(await aws("sandbox", "sts", "get-caller-identity"), /123456789012/);
  });

  it("keeps everything when parts are killed and started again, moto's keys included", async () => {
    await leaveTraces(sandbox);
    const key = await aws("sandbox", "kms", "create-key", "--query=KeyMetadata.KeyId", "--output=text");
    await kill(sandbox, "etcd", "seaweedfs", "moto");
    await startSandbox(sandbox);
    assert.deepEqual(await traces(sandbox), ["kept", "kept"]);
    assert.equal(await aws("sandbox", "kms", "list-keys", "--query=Keys[].KeyId", "--output=text"), key);
    assert.deepEqual(
      Object.values(await parts(sandbox)).filter((pid) => typeof pid !== "number"),
      [],
    );
  });

  it("leaves nothing behind when it is stopped", async () => {
    await stopSandbox(sandbox);
    assert.deepEqual(Object.values(await seenOf(sandbox)).flat(), []);
  });
});

describe("a sandbox that cannot start", function () {
  this.timeout("2m");
  const sandbox = sandboxOf(43, false);
  afterEach(() => stopSandbox(sandbox));

  it("names the port that is taken, before anything is started", async () => {
    const server = createServer().listen(sandbox.ports.apiserver, "127.0.0.1");
    try {
      await assert.rejects(startSandbox(sandbox), {
        name: "Problem",
        message:
          "port 24302 (apiserver) is taken on 127.0.0.1 by another process; stop it, or use another slot: make up SLOT=44",
      });
    } finally {
      server.close();
    }
    assert.deepEqual(Object.values(await seenOf(sandbox)).flat(), []);
  });

  it("names the part that ended, with its exit code and the last lines of its log", async () => {
    await mkdir(join(sandbox.directory, "etcd"), { recursive: true });
    await writeFile(join(sandbox.directory, "etcd", "data"), "not a folder");
    const message =
      /^etcd ended with exit code 1\. The last lines of \.sandbox-test-43\/logs\/etcd\.log:\n(.*\n)*.*not a directory/;
    await assert.rejects(startSandbox(sandbox), { name: "Problem", message });
  });

  it("says how much disk is there and how much is needed", async () => {
    // The kernel's own file systems have no size.
    const message =
      "the sandbox needs 3 GB of free disk; /proc has 0.0 GB. Free some, or move the clone to a larger disk.";
    await assert.rejects(startSandbox({ ...sandbox, directory: "/proc/sandbox" }), { name: "Problem", message });
  });
});
