import assert from "node:assert/strict";
import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1PodSpec } from "@kubernetes/client-node";
import { execa } from "execa";
import { declare, podOf, volumeOf } from "../components/shopVolume.ts";
import { type CsiDriver, startCsiDriver } from "../support/csiDriver.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { clear, described, fill, settle } from "../support/tree.ts";
import { type Claim, claimOf, type Ended, job, namespace, newest, removeClaim, runOnce } from "../support/volume.ts";

const OWNER = 1000;
const aside = `tests/${Date.now()}/`;
const claim = "clone-test";

describe("a volume's backup that reads a clone", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let driver: CsiDriver;
  /** The claim's volume, as this machine sees it. */
  let source: string;
  let to: Claim;
  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);

  before(async () => {
    sandbox = await sandboxUnderTest();
    to = await claimOf(sandbox, "js-mcp-sessions-restored", 0);
    const { storageClassName } = (await rendered()).ephemeral.volumeClaimTemplate.spec;
    driver = await startCsiDriver(sandbox, storageClassName);
    await makeClaim(storageClassName);
  });
  after(async () => {
    await inNamespace("delete", "pvc", claim, "--ignore-not-found");
    await driver?.stop();
    await removeClaim(sandbox, to);
  });

  /** The volume of a backup in prod, whose cluster makes clones. */
  async function rendered() {
    return volumeOf(podOf(await declare("prod"), "shop-uploads-backup"));
  }

  /** A claim of the driver's, which makes its volume when a pod first mounts it. */
  async function makeClaim(storageClassName: string): Promise<void> {
    const resources = { requests: { storage: "1Gi" } };
    const object = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { namespace, name: claim },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources },
    };
    await sandbox.run("kubectl", ["create", "--filename=-"], JSON.stringify(object));
    const { succeeded } = await backUp({ persistentVolumeClaim: { claimName: claim } });
    assert.equal(succeeded, false, "an empty volume is not published");
    [source = ""] = volumes();
    await fill(source, OWNER);
  }

  const volumes = () =>
    readdirSync(driver.volumes, { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map(({ name }) => join(driver.volumes, name));

  const backUp = (volumeSource: object, prefix = aside) =>
    runOnce(sandbox, job, {
      env: { PREFIX: prefix },
      change(pod: V1PodSpec) {
        const [volume, ...more] = pod.volumes?.filter(({ persistentVolumeClaim }) => persistentVolumeClaim) ?? [];
        assert.ok(volume && more.length === 0);
        delete volume.persistentVolumeClaim;
        Object.assign(volume, volumeSource);
        delete pod.affinity;
      },
    });

  async function backUpClone(prefix?: string): Promise<Ended> {
    const { ephemeral } = await rendered();
    ephemeral.volumeClaimTemplate.spec.dataSource.name = claim;
    ephemeral.volumeClaimTemplate.spec.resources.requests.storage = "1Gi";
    return backUp({ ephemeral }, prefix);
  }

  it("is published although a file changes all the time, and restores what the volume held", async () => {
    // Without a clone the run fails, as test/volume/faults.test.ts shows with a file as large.
    const growing = join(source, "growing");
    writeFileSync(growing, "");
    truncateSync(growing, 512 * 1024 ** 2);
    await settle(source, OWNER);
    const writer = execa("sh", ["-c", 'while printf x >>"$0"; do :; done', growing], { reject: false });
    try {
      const { succeeded, log } = await backUpClone();
      assert.ok(succeeded, log);
    } finally {
      writer.kill("SIGKILL");
      await writer;
      rmSync(growing);
    }
    const { succeeded, log } = await runOnce(sandbox, `${job}-restore`, { env: { PREFIX: aside } });
    assert.ok(succeeded, log);
    const { growing: grown, ...others } = described(to.folder);
    assert.match(grown as string, /^file of/);
    assert.deepEqual(others, described(source));
    await clear(to.folder);
  });

  it("sends nothing of a clone that holds what the last one did", async () => {
    // The file that changed all the time is gone: compared with the backup that holds it, this one would be suspect.
    const prefix = `${aside}unchanged/`;
    await backUpClone(prefix);
    const { succeeded, log } = await backUpClone(prefix);
    assert.ok(succeeded, log);
    assert.equal((await newest(sandbox, prefix)).bytesUploaded, 0);
  });

  it("leaves no clone behind", async () => {
    const claims = ["get", "pvc", "--output=jsonpath={.items[*].metadata.name}"];
    while ((await inNamespace(...claims)).includes(job)) await sleep(500);
    while (volumes().length > 1) await sleep(500);
    assert.deepEqual(volumes(), [source]);
  });
});
