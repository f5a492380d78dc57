import assert from "node:assert/strict";
import type { MonitorConfiguration } from "../../domain/alerting/checks.ts";
import { runProgram } from "./run.ts";
import { closeAll, closedPort, http } from "./servers.ts";

interface PostedAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt?: string;
  endsAt: string;
}

interface Post {
  path: string;
  type: string | undefined;
  alerts: PostedAlert[];
}

/** A mock of Alertmanager that answers with these statuses in turn, then always with the last one. Only for deliveries that fail: what a real one makes of alerts is proven in test/health. */
async function fakeAlertmanager(...statuses: number[]) {
  const posts: Post[] = [];
  const port = await http(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    posts.push({
      path: `${request.method} ${request.url}`,
      type: request.headers["content-type"],
      alerts: JSON.parse(String(Buffer.concat(parts))),
    });
    const status = statuses[Math.min(posts.length, statuses.length) - 1] as number;
    response.writeHead(status).end(status === 200 ? "" : "because");
  });
  return { url: `http://127.0.0.1:${port}`, posts };
}

const gone = async () => `http://127.0.0.1:${await closedPort()}`;
const hanging = async () => `http://127.0.0.1:${await http(() => {})}`;

describe("what the monitor's program does with its results", function () {
  this.timeout("30s");
  let healthy: number;
  let failing: number;
  before(async () => {
    healthy = await http((_, response) => response.writeHead(200).end());
    failing = await http((_, response) => response.writeHead(500).end());
  });
  after(closeAll);

  const configuration = (
    alertmanagers: string[],
    changes: Partial<MonitorConfiguration> = {},
  ): MonitorConfiguration => ({
    checks: [
      { kind: "http", name: "good", instance: "a", severity: "critical", url: `http://127.0.0.1:${healthy}/` },
      { kind: "http", name: "bad", instance: "b", severity: "warning", url: `http://127.0.0.1:${failing}/` },
    ],
    labels: { service: "shop", namespace: "shops", environment: "test" },
    runbooks: "https://upkeep.example.com/runbooks",
    alertmanagers,
    validFor: 660,
    deadline: 8,
    ...changes,
  });
  const run = (alertmanagers: string[], changes?: Partial<MonitorConfiguration>) =>
    runProgram("health/monitor.ts", { MONITOR: JSON.stringify(configuration(alertmanagers, changes)) });

  it("succeeds when one replica of two is gone, which it retries once", async () => {
    const [lost, there] = [await gone(), await fakeAlertmanager(200)];
    const { exitCode, lines } = await run([lost, there.url]);
    assert.equal(exitCode, 0);
    assert.equal(there.posts.length, 1);
    assert.deepEqual(
      lines.filter((line) => line.startsWith("untold")),
      Array(2).fill(`untold  ${lost}: connection refused: nothing listens there`),
    );
  });

  it("does not wait for a replica that hangs when another took them", async () => {
    const there = await fakeAlertmanager(200);
    const { exitCode, lines } = await run([await hanging(), there.url]);
    assert.equal(exitCode, 0);
    assert.equal(lines.filter((line) => line.endsWith("no answer within 3 s")).length, 2);
  });

  it("posts again to a replica that did not answer yet", async () => {
    const starting = await fakeAlertmanager(503, 503, 200);
    const { exitCode } = await run([starting.url]);
    assert.deepEqual([exitCode, starting.posts.length], [0, 3]);
  });

  it("fails when no replica took them before its deadline", async () => {
    const { exitCode, stderr } = await run([await gone()]);
    assert.equal(exitCode, 1);
    assert.equal(
      stderr,
      "nobody took the results: correct upkeep:monitoring.alertmanagers, or look why no Alertmanager answers",
    );
  });

  it("fails when no replica takes them although all is well: a monitor that notifies no one is not one", async () => {
    const { checks } = configuration([]);
    assert.equal((await run([await gone()], { checks: checks.slice(0, 1), deadline: 1 })).exitCode, 1);
  });

  it("does not repeat what Alertmanager refuses, and says why it did", async () => {
    const refusing = await fakeAlertmanager(400);
    const { exitCode, lines } = await run([refusing.url]);
    assert.deepEqual([exitCode, refusing.posts.length], [1, 1]);
    assert.equal(lines.at(-1), `untold  ${refusing.url}: it answered with status 400: because`);
  });

  it("speaks API version 2, below the path that an address may have", async () => {
    const starting = await fakeAlertmanager(500, 200);
    await run([`${starting.url}/prefix/`]);
    const [post] = starting.posts;
    assert.deepEqual([post?.path, post?.type], ["POST /prefix/api/v2/alerts", "application/json"]);
  });

  it("posts a failed check that holds until the next result, and a good one that has ended on slower clocks too", async () => {
    const starting = await fakeAlertmanager(500, 200);
    const before = Date.now();
    await run([starting.url]);
    const [good, bad] = (starting.posts.at(-1) as Post).alerts as [PostedAlert, PostedAlert];
    assert.deepEqual(bad.labels, {
      alertname: "HealthCheckFailed",
      service: "shop",
      namespace: "shops",
      environment: "test",
      severity: "warning",
      check: "bad",
      instance: "b",
    });
    assert.deepEqual(bad.annotations, {
      summary: "bad of shop does not answer as it should",
      description: "Endpoint b: answered with status 500.",
      runbook_url: "https://upkeep.example.com/runbooks/HealthCheckFailed.md",
    });
    assert.equal(Date.parse(bad.endsAt) - Date.parse(bad.startsAt as string), 660_000);
    assert.ok(Date.parse(bad.startsAt as string) >= before);
    assert.equal(good.startsAt, undefined);
    assert.ok(Date.parse(good.endsAt) <= Date.parse(bad.startsAt as string) - 5000);
  });

  it("links each alert to the service's dashboard, if there is one", async () => {
    const there = await fakeAlertmanager(200);
    const dashboard = "https://grafana.example.com/d/shop_test";
    await run([there.url], { dashboard });
    const links = there.posts[0]?.alerts.map(({ annotations }) => annotations.dashboard_url);
    assert.deepEqual(links, [dashboard, dashboard]);
  });

  for (const [what, text, complaint] of [
    ["nothing", "", "it is not set"],
    ["no JSON", "{", "it is not JSON"],
    ["null", "null", "it has no checks"],
    ["no checks", "{}", "it has no checks"],
    [
      "an unknown kind",
      '{"checks":[{"name":"a","kind":"icmp"}]}',
      'check "a" is of kind "icmp"; allowed: http, postgres, redis, backup',
    ],
    ["no Alertmanager", '{"checks":[{"kind":"redis"}],"alertmanagers":[]}', "it names no Alertmanager"],
    [
      "no times",
      '{"checks":[{"kind":"redis"}],"alertmanagers":["http://a"],"validFor":660}',
      "validFor and deadline must be seconds above 0",
    ],
    [
      "no labels",
      '{"checks":[{"kind":"redis"}],"alertmanagers":["http://a"],"validFor":660,"deadline":9}',
      "it has no labels that name the service",
    ],
  ] as const) {
    it(`refuses a configuration of ${what}, as its own kind of failure`, async () => {
      const { exitCode, stderr, lines } = await runProgram("health/monitor.ts", { MONITOR: text });
      assert.deepEqual([exitCode, stderr, lines], [2, `MONITOR cannot be read: ${complaint}`, [""]]);
    });
  }
});

describe("the program that posts a test alert", function () {
  this.timeout("90s");
  after(closeAll);
  const test = (alertmanagers: string[], changes: { dashboard?: string } = {}) =>
    JSON.stringify({
      labels: { service: "shop", namespace: "shops", environment: "test" },
      runbook: "r",
      alertmanagers,
      ...changes,
    });

  it("links it to its runbook and, if there is one, to the dashboard", async () => {
    const links = async (changes?: { dashboard: string }) => {
      const there = await fakeAlertmanager(200);
      await runProgram("alerting/test-alert.ts", { RECEIVER_TEST: test([there.url], changes) });
      const { runbook_url, dashboard_url } = there.posts[0]?.alerts[0]?.annotations ?? {};
      return [runbook_url, dashboard_url];
    };
    assert.deepEqual(await links(), ["r", undefined]);
    assert.deepEqual(await links({ dashboard: "d" }), ["r", "d"]);
  });

  it("refuses a severity that no alert has", async () => {
    const { exitCode, stderr } = await runProgram("alerting/test-alert.ts", {
      RECEIVER_TEST: test(["http://a"]),
      SEVERITY: "loud",
    });
    assert.deepEqual([exitCode, stderr], [2, 'SEVERITY is "loud"; allowed: critical, warning, info']);
  });

  it("says when no replica takes it", async () => {
    const refusing = await fakeAlertmanager(400);
    const { exitCode, stderr } = await runProgram("alerting/test-alert.ts", { RECEIVER_TEST: test([refusing.url]) });
    assert.equal(exitCode, 1);
    assert.match(stderr, /^nobody took the alert: /);
    assert.equal(refusing.posts[0]?.alerts[0]?.labels.severity, "warning");
  });
});
