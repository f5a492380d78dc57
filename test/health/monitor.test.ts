import assert from "node:assert/strict";
import { HealthMonitor } from "../../components/health/healthMonitor.ts";
import { assumed, endpoint, postgres, redis, secret } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { declaredServices } from "../../services/index.ts";
import { mplp } from "../../services/mplp.ts";
import { registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { firing, type ListedAlert, type Run, runOnce } from "./cluster.ts";
import { mended, STAGE, stage } from "./stage.ts";

const job = "health-test-monitor";

const database = (name: string, host: string, namespace = STAGE) =>
  postgres(name, {
    ...{ host, namespace, version: 17, database: "mplp_production", size: assumed("1Gi") },
    credentials: secret("none"),
  });
const cache = (name: string, host: string, namespace = STAGE) => redis(name, { host, namespace, size: assumed("1Gi") });
const web = (state: string, severity: "critical" | "warning") =>
  endpoint(`web-${state}`, [`http://web-${state}.${STAGE}.svc/`], { severity, for: assumed("2m") });

/** A service whose parts are healthy, failing, hanging and gone. The healthy servers are MPLP's own, in its namespace. */
const service: Service = {
  ...mplp,
  name: "health-test",
  namespace: STAGE,
  workloads: [],
  backups: [],
  alerts: [],
  datastores: [
    database("postgres-healthy", "postgresql", "mplp-production"),
    ...["failing", "hanging", "gone"].map((state) => database(`postgres-${state}`, `postgres-${state}`)),
    cache("redis-healthy", "redis", "mplp-production"),
    ...["failing", "hanging", "gone"].map((state) => cache(`redis-${state}`, `redis-${state}`)),
    cache("redis-unknown", "redis-unknown"),
  ],
  endpoints: [
    web("healthy", "critical"),
    web("failing", "critical"),
    web("hanging", "warning"),
    web("gone", "warning"),
  ],
  monitor: { job, schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" },
};

// A Service without pods refuses by ICMP, of which the kernel sends few, and is not routed at all until kube-proxy knows it.
const refused = "(connection refused: nothing listens there|no (answer|connection) within 5 s|no route to the network)";
const silent = "accepts connections, but gave no answer within 5 s";

/** What Alertmanager is to list: the instance, the severity, and the description's words. */
const expected: Record<string, [instance: string, severity: string, description: RegExp]> = {
  "web-failing": ["http://web-failing.health-test.svc/", "critical", /: answered with status 500\.$/],
  "web-hanging": ["http://web-hanging.health-test.svc/", "warning", /: no answer within 5 s\.$/],
  "web-gone": ["http://web-gone.health-test.svc/", "warning", new RegExp(`: ${refused}\\.$`)],
  "postgres-failing": [
    "postgres-failing:5432",
    "critical",
    /: rejects connections: the database system is (starting up|not accepting connections)\.$/,
  ],
  "postgres-hanging": ["postgres-hanging:5432", "critical", new RegExp(`: ${silent}\\.$`)],
  "postgres-gone": ["postgres-gone:5432", "critical", new RegExp(`: ${refused}\\.$`)],
  "redis-failing": ["redis-failing:6379", "critical", /: answers PING with an error: MASTERDOWN /],
  "redis-hanging": ["redis-hanging:6379", "critical", new RegExp(`: ${silent}\\.$`)],
  "redis-gone": ["redis-gone:6379", "critical", new RegExp(`: ${refused}\\.$`)],
  "redis-unknown": ["redis-unknown:6379", "critical", /: (the name does not resolve: .+|no connection within 5 s)\.$/],
};

describe("the health monitor's pod, run by the controller", function () {
  this.timeout("5m");
  let sandbox: Sandbox;
  const declared = environmentOf("sandbox");
  // A name of its own, so that no alert of an earlier run is taken for one of this.
  const environment: Environment = { ...declared, name: `health-test-${Date.now()}` };
  const alerts = async () => {
    const found = await firing(sandbox, 'alertname="HealthCheckFailed"', `environment="${environment.name}"`);
    return new Map(found.map((alert) => [alert.labels.check as string, alert]));
  };
  let first: Run;
  let listed: Map<string, ListedAlert>;

  before(async () => {
    sandbox = await sandboxUnderTest();
    await sandbox.kubectl("delete", "namespace", STAGE, "--ignore-not-found");
    await apply(stage());
    await sandbox.kubectl("--namespace", STAGE, "wait", "pod", "--all", "--for=condition=Ready", "--timeout=120s");
    await apply(await monitorObjects(service, environment));
    first = await runOnce(sandbox, STAGE, job);
    listed = await alerts();
  });
  after(() => sandbox.kubectl("delete", "namespace", STAGE, "--ignore-not-found"));

  it("finds all well with every service as it is, and Alertmanager lists nothing of them", async () => {
    const deployed = JSON.parse(
      await sandbox.kubectl(
        ...["get", "cronjobs", "--all-namespaces", "--output=json"],
        "--selector=app.kubernetes.io/managed-by=upkeep",
      ),
    ) as { items: { metadata: { name: string; namespace: string } }[] };
    const monitors = (await declaredServices()).flatMap((one) => one.monitor?.job ?? []);
    const found = deployed.items.filter(({ metadata }) => monitors.includes(metadata.name));
    assert.deepEqual(found.map(({ metadata }) => metadata.name).sort(), monitors.sort());
    const runs = await Promise.all(found.map(({ metadata }) => runOnce(sandbox, metadata.namespace, metadata.name)));
    for (const { succeeded, lines } of runs) {
      assert.deepEqual(
        lines.filter((line) => !/^(ok|told) /.test(line)),
        [],
      );
      assert.ok(succeeded, lines.join("\n"));
    }
    assert.deepEqual(await firing(sandbox, 'alertname="HealthCheckFailed"', 'environment="sandbox"'), []);
  });

  it("succeeds with targets that fail: they have alerts of their own", () => {
    assert.deepEqual([first.succeeded, first.exitCode], [true, 0]);
  });

  it("says of each target what it found", () => {
    const states = Object.fromEntries(
      first.lines.flatMap((line) => {
        const [, state, name] = /^(ok|failed) +(\S+) /.exec(line) ?? [];
        return state && name ? [[name, state]] : [];
      }),
    );
    const healthy = ["web-healthy", "postgres-healthy", "redis-healthy"].map((name) => [name, "ok"]);
    const others = Object.keys(expected).map((name) => [name, "failed"]);
    assert.deepEqual(states, Object.fromEntries([...healthy, ...others]));
  });

  it("has Alertmanager list exactly what is failing, hanging or gone, and why", () => {
    assert.deepEqual([...listed.keys()].sort(), Object.keys(expected).sort());
    for (const [check, [instance, severity, description]] of Object.entries(expected)) {
      const alert = listed.get(check) as ListedAlert;
      assert.deepEqual(alert.labels, {
        alertname: "HealthCheckFailed",
        service: "health-test",
        namespace: STAGE,
        environment: environment.name,
        severity,
        check,
        instance,
      });
      assert.match(alert.annotations.description as string, description);
      assert.equal(alert.annotations.runbook_url, "https://upkeep.example.com/runbooks/HealthCheckFailed.md");
    }
  });

  it("has alerts hold until the next result can be there", () => {
    for (const { startsAt, endsAt } of listed.values()) {
      assert.equal(Date.parse(endsAt) - Date.parse(startsAt), (5 + 2 + 4) * 60_000);
    }
  });

  it("prolongs them with the next run and starts none again", async () => {
    assert.ok((await runOnce(sandbox, STAGE, job)).succeeded);
    const again = await alerts();
    assert.deepEqual([...again.keys()].sort(), Object.keys(expected).sort());
    for (const [check, { startsAt, endsAt }] of again) {
      const before = listed.get(check) as ListedAlert;
      assert.equal(startsAt, before.startsAt, check);
      assert.ok(endsAt > before.endsAt, check);
    }
  });

  it("ends the alerts of what recovered with its next run, and no other", async () => {
    const kubectl = (...args: string[]) => sandbox.kubectl("--namespace", STAGE, ...args);
    await kubectl("exec", "postgres", "--", "pg_ctl", "promote", "--pgdata=/data/main");
    await kubectl("exec", "redis", "--", "redis-cli", "replicaof", "no", "one");
    for (const [name, spec] of Object.entries(mended)) {
      await kubectl("patch", "service", name, "--type=merge", "--patch", JSON.stringify({ spec }));
    }
    assert.ok((await runOnce(sandbox, STAGE, job)).succeeded);
    assert.deepEqual([...(await alerts()).keys()], ["redis-unknown"]);
  });

  it("fails when no Alertmanager takes the results, so that MaintenanceJobFailed can notify of it", async () => {
    const unheard = { ...environment, name: "unheard" };
    unheard.monitoring = { ...unheard.monitoring, alertmanagers: [`http://web-hanging-too.${STAGE}.svc:9093`] };
    const monitor = { ...service.monitor, job: "unheard", deadline: "1m" } as Service["monitor"];
    await apply(await monitorObjects({ ...service, datastores: [], ...(monitor && { monitor }) }, unheard));
    const { succeeded, exitCode, lines } = await runOnce(sandbox, STAGE, "unheard");
    assert.deepEqual([succeeded, exitCode], [false, 1]);
    // Of the last line of either stream, the node may write down either first.
    assert.match(lines.join("\n"), /^nobody took the results: /m);
  });

  async function apply(items: object[]): Promise<void> {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await sandbox.run("kubectl", ["apply", "--server-side", "--validate=strict", "--filename=-"], list);
  }
});

/** The manifests that the component declares, as they are. Of the CronJob alone the schedule is off: the tests say when it runs. */
async function monitorObjects(service: Service, environment: Environment): Promise<object[]> {
  const resources = await registered(() => new HealthMonitor(service.name, { environment, service }));
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs);
  return objects.map((object) =>
    object.kind === "CronJob" ? { ...object, spec: { ...(object.spec as object), suspend: true } } : object,
  );
}
