import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageNames } from "../../../sandbox/images/names.ts";
import { kubectl } from "../../../sandbox/parts/kubectl.ts";
import { findInit } from "../../../sandbox/parts/namespaces.ts";
import { startSandbox } from "../../../sandbox/start.ts";
import { stopSandbox } from "../../../sandbox/stop.ts";
import { machineSettings, seenOf } from "./host.ts";
import { create, strictNamespace, strictPod } from "./pods.ts";
import { eventually, kill, leaveTraces, parts, sandboxOf, traces } from "./sandboxes.ts";

const { curl, redis } = imageNames;
const s3 = "https://s3.upkeep-sandbox.svc.cluster.local:8333/";

describe("two sandboxes with a node on one machine", function () {
  this.timeout("10m");
  const one = sandboxOf(40, true);
  // Inside, /tmp is the sandbox's own; files in the host's /tmp must be reachable all the same.
  const two = { ...sandboxOf(41, true), directory: join(tmpdir(), "upkeep-sandbox-test-41") };
  let machine: Record<string, string>;

  const inOne = (...args: string[]) => kubectl(one, ["--namespace=strict", ...args]);
  const phase = (pod: string) => () => inOne("get", "pod", pod, "--output=jsonpath={.status.phase}");

  before(async () => {
    machine = await machineSettings();
    await Promise.all([startSandbox(one), startSandbox(two)]);
    await Promise.all([strictNamespace(one, "strict"), strictNamespace(two, "strict")]);
  });
  after(() => Promise.all([stopSandbox(one), stopSandbox(two)]));

  it("run a CronJob's restricted pod at the next minute, which finds its own sandbox's S3 by the same name", async () => {
    const ask = [
      "sh",
      "-c",
      `curl -sk -o /scratch/answer -w '%{remote_ip} %{http_code}' ${s3}; touch /root-is-writable`,
    ];
    const cronJob = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "ask", namespace: "strict" },
      spec: {
        schedule: "* * * * *",
        jobTemplate: { spec: { backoffLimit: 0, template: { spec: strictPod(curl, ask) } } },
      },
    };
    for (const sandbox of [one, two]) {
      await create(sandbox, cronJob);
    }
    for (const sandbox of [one, two]) {
      const logs = () => kubectl(sandbox, ["--namespace=strict", "logs", "--selector=batch.kubernetes.io/job-name"]);
      const service = ["--namespace=upkeep-sandbox", "get", "service", "s3", "--output=jsonpath={.spec.clusterIP}"];
      const text = await eventually(
        90,
        () => logs().catch(() => ""),
        (text) => /read-only/i.test(text),
      );
      assert.match(text, new RegExp(`${await kubectl(sandbox, service)} 403`));
      await kubectl(sandbox, ["--namespace=strict", "delete", "cronjob", "ask"]);
    }
  });

  it("refuse a pod that is not restricted where the namespace says so", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "loose", namespace: "strict" } };
    const spec = { containers: [{ name: "main", image: curl }] };
    await assert.rejects(create(one, { ...pod, spec }), /violates PodSecurity "restricted/);
  });

  it("carry a pod's traffic to another pod, and to itself, over a Service, and let one into a pod", async () => {
    const server = strictPod(redis, ["redis-server", "--dir", "/scratch", "--save", "", "--protected-mode", "no"]);
    const client = strictPod(redis, ["redis-cli", "-h", "cache", "ping"]);
    const metadata = (name: string) => ({ name, namespace: "strict", labels: { app: name } });
    await create(
      one,
      { apiVersion: "v1", kind: "Pod", metadata: metadata("cache"), spec: { ...server, restartPolicy: "Always" } },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: metadata("cache"),
        spec: { selector: { app: "cache" }, ports: [{ port: 6379 }] },
      },
    );
    await inOne("wait", "--for=condition=Ready", "pod/cache", "--timeout=60s");
    await create(one, { apiVersion: "v1", kind: "Pod", metadata: metadata("client"), spec: client });
    await eventually(60, phase("client"), (now) => now === "Succeeded");
    assert.equal(await inOne("logs", "client"), "PONG");
    assert.equal(await inOne("exec", "cache", "--", "redis-cli", "-h", "cache", "ping"), "PONG");
  });

  it("leave the settings of the machine's kernel and its packet filter as they were", async () => {
    assert.deepEqual(await machineSettings(), machine);
  });

  it("start what was killed, keep what runs, and end with every part ready", async () => {
    const earlier = await parts(one);
    await kill(one, "etcd", "containerd", "kubelet", "seaweedfs");
    assert.equal((await parts(one)).etcd, "does not run");
    await startSandbox(one);
    const now = await parts(one);
    const changed = Object.keys(now).filter((name) => now[name] !== earlier[name]);
    assert.deepEqual(changed, ["etcd", "containerd", "kubelet", "seaweedfs"]);
    assert.deepEqual(
      Object.values(now).filter((pid) => typeof pid !== "number"),
      [],
    );
    assert.equal(await inOne("exec", "cache", "--", "redis-cli", "ping"), "PONG");
  });

  it("change nothing when all runs", async () => {
    const earlier = await parts(one);
    await startSandbox(one);
    assert.deepEqual(await parts(one), earlier);
  });

  it("come back with all their data after the namespaces are gone, as after a reboot", async () => {
    await leaveTraces(one);
    process.kill((await findInit(one)) as number, "SIGKILL");
    await eventually(
      20,
      () => findInit(one),
      (init) => init === undefined,
    );
    await startSandbox(one);
    assert.deepEqual(await traces(one), ["kept", "kept"]);
    const restarted = () => inOne("exec", "cache", "--", "redis-cli", "-h", "cache", "ping").catch(String);
    await eventually(90, restarted, (answer) => answer === "PONG");
  });

  it("refuse a slot that another clone's sandbox has", async () => {
    const other = { ...one, directory: `${one.directory}-other` };
    const message = `slot 40 is taken by the sandbox in ${one.directory}; run make down there, or use another slot: make up SLOT=41`;
    await assert.rejects(startSandbox(other), { name: "Problem", message });
  });

  it("leave nothing behind when they are stopped, each without the other", async () => {
    assert.deepEqual(
      Object.values(await seenOf(one)).map((found) => found.length > 0),
      [true, false, true, true, true],
    );
    await stopSandbox(one);
    assert.deepEqual(Object.values(await seenOf(one)).flat(), []);
    assert.deepEqual(
      Object.values(await parts(two)).filter((pid) => typeof pid !== "number"),
      [],
    );
    await stopSandbox(two);
    assert.deepEqual(Object.values(await seenOf(two)).flat(), []);
    assert.deepEqual(await machineSettings(), machine);
  });
});
