import assert from "node:assert/strict";
import { execa } from "execa";
import { type OneDatastore, oneDatastore } from "./oneDatastore.ts";

/** What MPLP's guide has a person apply, as far as it matters here: one container does all, with static keys. */
const byHand = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "mplp-backup", namespace: "mplp-production" },
  spec: {
    schedule: "0 2 * * *",
    successfulJobsHistoryLimit: 7,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: "OnFailure",
            containers: [
              {
                name: "backup",
                image: "mplp/backup:1.0.0-alpha",
                env: [{ name: "S3_BUCKET", value: "mplp-backups" }],
                volumeMounts: [{ name: "backup-storage", mountPath: "/tmp" }],
              },
            ],
            volumes: [{ name: "backup-storage", emptyDir: {} }],
          },
        },
      },
    },
  },
};

describe("an object that was made by hand", function () {
  this.timeout("6m");
  let sandbox: OneDatastore;
  const run = (command: string, args: string[], input?: string) =>
    execa(command, args, {
      cwd: sandbox.folder,
      env: { ...sandbox.environment, KUBECONFIG: `${sandbox.folder}/.sandbox/kubeconfig`, SLOT: sandbox.slot },
      reject: false,
      all: true,
      ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    });
  const up = () => run("pulumi", ["up", "--yes", "--skip-preview", "--stack", "sandbox", "--color=never"]);
  const adopt = (resource: string, id: string) =>
    run("make", ["--silent", "adopt", "STACK=sandbox", `RESOURCE=${resource}`, `ID=${id}`]);
  const cronJob = async () =>
    JSON.parse(
      (await run("kubectl", ["--namespace=mplp-production", "get", "cronjob", "mplp-backup", "-o=json"])).stdout,
    );
  let uid: string;

  before(async () => {
    sandbox = await oneDatastore();
    await run("kubectl", ["create", "--filename=-"], JSON.stringify(byHand));
    uid = (await cronJob()).metadata.uid;
  });
  after(() => sandbox?.remove());

  it("is not taken where it is a Secret, whose clear text may be in an annotation", async () => {
    const { exitCode, all } = await adopt("alert-routes-configuration", "monitoring/alertmanager-upkeep");
    assert.notEqual(exitCode, 0);
    assert.match(all, /alert-routes-configuration is a Secret, .*clear text/);
  });

  it("is not taken without being asked for", async () => {
    const { exitCode, all } = await up();
    assert.notEqual(exitCode, 0);
    assert.match(all, /mplp-backup.*already exists/);
    assert.equal((await cronJob()).spec.jobTemplate.spec.template.spec.containers[0].name, "backup");
  });

  it("says what is wrong with what is to be taken over", async () => {
    assert.match((await adopt("mplp-main-cron", "mplp-production/mplp-backup")).all, /would not create mplp-main-cron/);
    const gone = await adopt("mplp-main-cronjob", "mplp-production/mplp-backups");
    assert.notEqual(gone.exitCode, 0);
    assert.match(gone.all, /mplp-production\/mplp-backups could not be imported as mplp-main-cronjob/);
  });

  it("is taken over by import and becomes what is declared, and is never missing meanwhile", async () => {
    const adopted = await adopt("mplp-main-cronjob", "mplp-production/mplp-backup");
    assert.equal(adopted.exitCode, 0, adopted.all);
    const { exitCode, all } = await up();
    assert.equal(exitCode, 0, all);
    const { metadata, spec } = await cronJob();
    assert.equal(metadata.uid, uid);
    assert.equal(spec.timeZone, "Etc/UTC");
    const pod = spec.jobTemplate.spec.template.spec;
    assert.deepEqual(
      [...pod.initContainers, ...pod.containers].map(({ name }: { name: string }) => name),
      ["dump", "verify", "publish"],
    );
    assert.deepEqual(
      pod.volumes.map(({ name }: { name: string }) => name).filter((name: string) => name === "backup-storage"),
      [],
    );
  });

  it("changes no more once it is taken over", async () => {
    assert.match((await up()).all, /Resources:\n\s+\d+ unchanged\n/);
  });
});
