import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { assumed, maintenanceWindow } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { type Severity, severities } from "../../domain/values/severity.ts";
import { shop } from "../support/shop.ts";
import { faults, type Paged, paged } from "./faults.ts";
import { expectInTime } from "./inTime.ts";
import { type Alert, type Notified, notified } from "./notified.ts";

/** What the waits of routes and replicas are divided by: a group's interval of 5 minutes is 15 seconds. */
const FASTER = 20;
const INTERVAL = (5 * 60_000) / FASTER;

/** A service whose window is open while the tests run. */
const windowed: Service = {
  ...shop,
  name: "windowed",
  namespace: "windowed",
  windows: [
    maintenanceWindow("now", {
      on: { every: "day" },
      at: assumed(new Date(Date.now() - 3_600_000).toISOString().slice(11, 16) as `${number}:${number}`),
      lasts: assumed("3h"),
    }),
  ],
};

/** The channels that a service's declaration names for a severity, in an environment that pages or does not. */
function declaredChannels({ alerting }: Environment, { notify, owner }: Service, severity: Severity): string[] {
  const heard = severity === "critical" && !alerting.pages ? "warning" : severity;
  const receiver = alerting.receivers[owner.team] ?? alerting.receivers.default ?? {};
  return notify[heard].filter((channel) => channel in receiver).sort();
}

const token = (what: string, service: string, severity: string) => `x${what}-${service}-${severity}x`;

/** The labels of one address of an endpoint. */
const address = (host: string) => ({ endpoint: "api", instance: `https://${host}.example.com/` });

function alert(
  to: Notified,
  what: string,
  service: Pick<Service, "name" | "namespace">,
  severity: string,
  more: Partial<Alert> = {},
): Alert {
  return {
    ...more,
    labels: {
      alertname: what,
      service: service.name,
      namespace: service.namespace,
      environment: to.environment.name,
      severity,
      ...more.labels,
    },
    annotations: {
      summary: token(what, service.name, severity),
      description: "It is a test.",
      runbook_url: "https://example.com",
    },
  };
}

/** Prod and sandbox own their Alertmanager; staging has a part of a shared one, as prometheus-operator writes it. */
const stacks = ["prod", "staging", "sandbox"];

describe("an alert", function () {
  this.timeout("12m");
  const running = new Map<string, Notified>();
  /** Prod with two replicas. */
  let pair: Notified;
  /** By the wall clock, while the other tests run. */
  let pages: Promise<Paged[]>;
  const on = (stack: string) => running.get(stack) as Notified;
  const each = (check: (to: Notified, service: Service) => void) => {
    for (const to of running.values()) for (const service of to.services) check(to, service);
  };
  const arrived = (to: Notified, what: string, service: Pick<Service, "name">, severity: string) =>
    to
      .got(token(what, service.name, severity))
      .map(({ channel }) => channel)
      .sort();
  /** Waits until what was posted before has been sent, if it is sent at all: a warning waits longest. */
  const flushed = async (to: Notified, what: string) => {
    const [service] = to.services as [Service];
    await to.post(alert(to, what, service, "warning"));
    await until(() => arrived(to, what, service, "warning").length > 0);
    await sleep(1000);
  };

  before("start Alertmanagers with the rendered routes, and post alerts", async () => {
    pages = paged(faults);
    pages.catch(() => undefined);
    for (const stack of stacks) running.set(stack, await notified(stack, 1, FASTER, [windowed]));
    pair = await notified("prod", 2, FASTER);
    await pair.post(watchdog(pair));
    for (const to of running.values()) {
      for (const service of to.services) {
        await to.post(...[...severities, "none"].map((severity) => alert(to, `Plain${severity}`, service, severity)));
        // Two of one group; two severities of one subject, which the critical one inhibits.
        await to.post(
          ...["a", "b"].map((workload) =>
            alert(to, `Group${workload}`, service, "critical", { labels: { alertname: "Group", workload } }),
          ),
          ...["critical", "warning"].map((severity) =>
            alert(to, "Same", service, severity, { labels: { workload: "a" } }),
          ),
          alert(to, "Same", service, "info", { labels: { workload: "b" } }),
          alert(to, "Down", service, "critical", { labels: { alertname: "EndpointDown", ...address("a") } }),
          ...["a", "b"].map((one) =>
            alert(to, `Flapping${one}`, service, "warning", {
              labels: { alertname: "EndpointFlapping", ...address(one) },
            }),
          ),
        );
      }
    }
    await Promise.all([...running.values()].map((to) => flushed(to, "First")));
  });
  after("stop them", async () => {
    await Promise.all([...running.values(), pair].map((to) => to?.stop()));
  });

  it("arrives on the channels that the service declares for its severity, and on no other, once", () => {
    let count = 0;
    each((to, service) => {
      for (const severity of severities) {
        const muted = service === windowed && severity !== "critical";
        // If alerts do not page, a critical one takes the route of a warning, but no window mutes it.
        const expected = muted ? [] : declaredChannels(to.environment, service, severity);
        const what = `${severity} of ${service.name} in ${to.environment.name}`;
        assert.deepEqual(arrived(to, `Plain${severity}`, service, severity), expected, what);
        count += expected.length;
      }
    });
    assert.ok(count > 30, String(count));
  });

  it("of severity none arrives nowhere", () => {
    each((to, service) => assert.deepEqual(arrived(to, "Plainnone", service, "none"), []));
  });

  it("comes with others of its group in one message", () => {
    each((to, service) => {
      const [a, b] = ["a", "b"].map((workload) => to.got(token(`Group${workload}`, service.name, "critical")));
      assert.deepEqual(a, b, service.name);
      const slack = a?.filter(({ channel }) => channel === "slack") ?? [];
      assert.equal(
        slack.length,
        declaredChannels(to.environment, service, "critical").includes("slack") ? 1 : 0,
        service.name,
      );
    });
  });

  it("is inhibited by a critical one on the same subject", () => {
    each((to, service) => {
      assert.deepEqual(arrived(to, "Same", service, "warning"), [], service.name);
      assert.deepEqual(arrived(to, "Same", service, "critical"), declaredChannels(to.environment, service, "critical"));
    });
  });

  it("of an endpoint that flaps is inhibited while that address of it is down, not while another is", () => {
    each((to, service) => {
      assert.deepEqual(arrived(to, "Flappinga", service, "warning"), [], service.name);
      const others = service === windowed ? [] : declaredChannels(to.environment, service, "warning");
      assert.deepEqual(arrived(to, "Flappingb", service, "warning"), others, service.name);
    });
  });

  it("is inhibited in a window unless it is critical, and so is what the window's alert says", async () => {
    const to = on("prod");
    const [service] = to.services as [Service];
    await to.post(alert(to, "MaintenanceWindow", service, "none"));
    await sleep(1000);
    await to.post(alert(to, "InWindow", service, "warning"), alert(to, "InWindowToo", service, "critical"));
    const [, other] = to.services as [Service, Service];
    await to.post(alert(to, "Outside", other, "warning"));
    await until(() => arrived(to, "Outside", other, "warning").length > 0);
    await sleep(1000);
    assert.deepEqual(arrived(to, "InWindow", service, "warning"), []);
    assert.deepEqual(
      arrived(to, "InWindowToo", service, "critical"),
      declaredChannels(to.environment, service, "critical"),
    );
  });

  it("is resolved where it was sent", async () => {
    const to = on("prod");
    const ends = { endsAt: new Date().toISOString() };
    for (const service of to.services) {
      await to.post(alert(to, "Plaincritical", service, "critical", ends));
    }
    const isResolved = (body: string) => /RESOLVED|"status":"resolved"/.test(body);
    const slack = (service: Service) =>
      to.got(token("Plaincritical", service.name, "critical")).filter(({ channel }) => channel === "slack");
    await until(() => to.services.every((service) => slack(service).some(({ body }) => isResolved(body))));
    await sleep(1000);
    for (const service of to.services) {
      const messages = to.got(token("Plaincritical", service.name, "critical"));
      const [paged] = messages.filter(({ channel }) => channel === "pagerduty").map(({ body }) => JSON.parse(body));
      const resolved = messages
        .filter(({ channel }) => channel !== "pagerduty")
        .filter(({ body }) => isResolved(body))
        .map(({ channel }) => channel);
      const expected = declaredChannels(to.environment, service, "critical");
      assert.deepEqual(
        resolved.sort(),
        expected.filter((channel) => channel !== "pagerduty"),
        service.name,
      );
      const closed = to.got(paged.dedup_key).map(({ body }) => JSON.parse(body).event_action);
      assert.deepEqual(closed, ["trigger", "resolve"], service.name);
    }
  });

  it("still arrives where one of two replicas died", async () => {
    const [service] = pair.services as [Service];
    await flushed(pair, "BothAlive");
    await pair.replicas[0]?.kill();
    await pair.post(alert(pair, "OneLeft", service, "critical"));
    const expected = declaredChannels(pair.environment, service, "critical");
    await until(() => arrived(pair, "OneLeft", service, "critical").length >= expected.length);
    assert.deepEqual([...new Set(arrived(pair, "OneLeft", service, "critical"))], expected);
  });

  it("that always fires reaches the dead man's switch at each interval of its group, until all replicas are dead", async () => {
    const ticks = () => pair.sink.received.filter(({ channel }) => channel === "deadMansSwitch").map(({ at }) => at);
    await until(() => ticks().length > 5);
    const gaps = ticks()
      .slice(1)
      .map((at, index) => at - (ticks()[index] as number));
    // A skipped interval makes two of one.
    assert.ok(Math.max(...gaps) < INTERVAL * 1.8, `${gaps} ms; the group's interval is ${INTERVAL} ms`);
    await pair.replicas[1]?.kill();
    const count = ticks().length;
    await sleep(INTERVAL * 1.5);
    assert.equal(ticks().length, count);
  });

  it("notifies about each class of fault within the time that the posture promises, an outage within 100 seconds", async () => {
    const timed = await pages;
    assert.equal(timed[0]?.bound, 100);
    expectInTime(timed);
  });
});

function watchdog(to: Notified): Alert {
  return alert(to, "Watchdog", { name: "upkeep", namespace: to.environment.alerting.namespace }, "none");
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 400) throw new Error("it did not arrive");
    await sleep(200);
  }
}
