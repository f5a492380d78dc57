import assert from "node:assert/strict";
import { shapeFaults } from "../../../domain/declaration/parse.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { set } from "../../policies/set.ts";
import { shop } from "../../support/shop.ts";

const at = (kind: Service["datastores"][number]["kind"]) => shop.datastores.findIndex((one) => one.kind === kind);
const [postgres, redis, configuration, grafana, volume] = [
  at("postgres"),
  at("redis"),
  at("configuration"),
  at("grafana"),
  at("volume"),
];
const drilled = shop.backups.findIndex(({ drill }) => drill);

/** The faults of the shop with one value changed; undefined removes. */
function faults(path: string, value: unknown): Fault[] {
  // No object is in it twice, as one is that a constructor fills in.
  return shapeFaults(set(JSON.parse(JSON.stringify(shop)) as object, path, value));
}

/** A value with its origin. */
const of = (value: unknown) => ({ value, assumed: false });

describe("a declaration", () => {
  it("has no fault where it is as it should be, nor for what is undefined", () => {
    assert.deepEqual(shapeFaults(shop), []);
    assert.deepEqual(shapeFaults({ ...shop, monitor: undefined }), []);
  });

  it("is judged again once it has changed, in place too", () => {
    const declared = structuredClone(shop);
    assert.deepEqual(shapeFaults(declared), []);
    Object.assign(declared.owner, { team: "", onCall: () => "anyone" });
    assert.deepEqual(
      shapeFaults(declared).map(({ path }) => path),
      ["owner.team", "owner.onCall"],
    );
    assert.deepEqual(
      shapeFaults({ ...shop, backups: { ...shop.backups } }).map(({ path }) => path),
      ["backups"],
    );
  });

  for (const value of [undefined, null, 7, "shop", [], () => shop]) {
    it(`is refused where it is not an object: ${typeof value} ${JSON.stringify(value)}`, () =>
      assert.deepEqual(
        shapeFaults(value).map(({ path }) => path),
        ["the declaration"],
      ));
  }

  for (const key of Object.keys(shop).filter((key) => key !== "monitor")) {
    it(`is refused without ${key}`, () =>
      assert.deepEqual(
        faults(key, undefined).map(({ code, path, got }) => [code, path, got]),
        [["missing", key, undefined]],
      ));
  }

  const unknown: [path: string, shown: string, near: string | undefined][] = [
    [`datastores.${postgres}.sslMode`, `datastores[${postgres}].sslMode`, undefined],
    [`datastores.${postgres}.adminstrator`, `datastores[${postgres}].adminstrator`, "administrator"],
    [`datastores.${redis}.tls`, `datastores[${redis}].tls`, undefined],
    ["backups.0.survive", "backups[0].survive", "survives"],
    ["backups.0.scratchClas", "backups[0].scratchClas", "scratchClass"],
    ["backups.0.nodeSelector", "backups[0].nodeSelector", undefined],
    ["backups.0.keep.dayly", "backups[0].keep.dayly", "daily"],
    [`backups.${drilled}.drill.freshnes`, `backups[${drilled}].drill.freshnes`, "freshness"],
    ["workloads.0.autoscale.memory", "workloads[0].autoscale.memory", undefined],
    ["endpoint", "endpoint", "endpoints"],
    ["notify.error", "notify.error", undefined],
    ["objectives.recoverypoint", "objectives.recoverypoint", "recoveryPoint"],
    ["owner.e-mail", 'owner["e-mail"]', undefined],
  ];
  for (const [path, shown, near] of unknown) {
    it(`is refused for a key that nothing knows: ${shown}, with those that are known`, () => {
      const [only, ...more] = faults(path, true);
      assert.deepEqual(more, []);
      assert.deepEqual([only?.code, only?.path, only?.got], ["unknown-key", shown, "true"]);
      assert.match(only?.allowed ?? "", /known are \w+/);
      assert.equal(/did you mean (\w+)\?/.exec(only?.fix ?? "")?.[1], near);
    });
  }

  it("is refused for each of its faults at once", () => {
    const wrong = structuredClone(shop) as object;
    for (const [path, value] of [
      [`datastores.${postgres}.version`, 16],
      [`datastores.${postgres}.sslmode`, "verify-full"],
      [`datastores.${redis}.port`, 70_000],
      ["namespace", "Shop_NS"],
    ] as const) {
      set(wrong, path, value);
    }
    assert.deepEqual(
      shapeFaults(wrong).map(({ path }) => path),
      ["namespace", `datastores[${postgres}].version`, `datastores[${postgres}].sslmode`, `datastores[${redis}].port`],
    );
  });

  const run = "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11";
  const measure = { what: "archive", age: "max(age{$scope})", within: of("10m") };
  const continuous = { by: "Amazon RDS", within: of("10m"), measures: [measure], undrilled: "a" };
  const custom = { apiVersion: "example.com/v1", kind: "ShopConfig", resource: "shopconfigs" };
  const long = (length: number) => "a".repeat(length);
  const label = { good: ["a", "a-b", "0", long(63)], bad: ["", "-a", "a-", "A", "a.b", "a_b", " a", long(64), 7] };
  const objectName = { good: ["a", "a.b-c", long(63)], bad: ["", "A", "a_b", ".a", "a..b", "-a", long(254), {}] };
  const cronJob = { good: ["a-b", long(52)], bad: ["", "Shop", "my_shop", "a.b", long(53)] };
  const port = { good: [1, 65_535], bad: [0, 65_536, 70_000, 1.5, "5432", Number.NaN] };
  const duration = { good: ["1s", "30m", "26h", "7d", "2w"], bad: ["0h", "1.5h", "30", "30 m", "-1h", 30] };
  const percent = { good: ["0.1%", "99.95%", "100%"], bad: ["0%", "101%", "99", "99 %", 0.99] };
  const size = { good: ["1Ki", "20Gi", "2Ti"], bad: ["0Gi", "20", "20GB", "10 GB", "1.5Gi", 20] };
  const host = {
    good: ["db", "db.example.com", "a-b.c.svc.cluster.local", "10.0.0.1", "fd00::1", "db.example.com."],
    bad: ["", "postgres://db:5432/x", "db:5432", "db/x", "a b", "-a", "999.1.1.1", "10.0.0", "user@db", long(64)],
  };
  const address = {
    good: ["https://a.example.com/b", "http://a:8080"],
    bad: ["", "a.example.com", "ftp://a", "https://u:p@a", "udp://a", 7],
  };
  const severity = { good: ["critical", "warning"], bad: ["critial", "none", 1] };
  /** Where a form is, and what has it; a path that ends with `.value` is of a value with its origin. */
  const forms: Record<string, { good: unknown[]; bad: unknown[] }> = {
    name: label,
    namespace: label,
    [`datastores.${postgres}.name`]: label,
    [`datastores.${postgres}.namespace`]: label,
    [`datastores.${postgres}.host`]: host,
    [`datastores.${redis}.host`]: host,
    [`datastores.${postgres}.port`]: port,
    [`datastores.${redis}.port`]: port,
    [`datastores.${postgres}.version`]: { good: [15, 17], bad: [16, 13, "17", undefined] },
    [`datastores.${postgres}.database`]: { good: ["or'ders # 50%", "pa$$word$(X)"], bad: ["", long(64), "a\nb", 7] },
    [`datastores.${postgres}.size.value`]: size,
    [`datastores.${postgres}.throughput.value`]: size,
    [`datastores.${postgres}.credentials.name`]: objectName,
    [`datastores.${postgres}.credentials.passwordKey`]: { good: ["a", "A_b-c.d"], bad: ["", "a b", "a/b", long(254)] },
    [`datastores.${postgres}.continuous`]: {
      good: [continuous, { ...continuous, drill: { job: "restore", every: of("8d") } }],
      bad: [
        { ...continuous, within: of("2 h") },
        { ...continuous, measures: [{ ...measure, within: of("1 day") }] },
        { ...continuous, drill: { job: "restore", every: of("weekly") } },
      ],
    },
    [`datastores.${configuration}.objects`]: { good: [["ConfigMap"]], bad: [[], ["Ingress"], "ConfigMap"] },
    [`datastores.${configuration}.recoveryNamespace`]: label,
    [`datastores.${configuration}.customResources`]: {
      good: [[], [custom]],
      bad: [{ apiVersion: "v1" }, { apiVersion: "-a.b/v1" }, { kind: "shop" }, { resource: "Shop" }].map((changes) => [
        { ...custom, ...changes },
      ]),
    },
    [`datastores.${grafana}.url`]: {
      good: ["http://grafana:3000", "https://a.example.com/grafana"],
      bad: [
        "grafana:3000",
        "ftp://a",
        "http://u:p@a",
        "http://u@a",
        "http://:p@a",
        "xhttp://a",
        "http://a?b",
        "http://a#b",
        "",
      ],
    },
    [`datastores.${volume}.uid`]: { good: [1, 1000], bad: [0, -1, 1.5, "1000"] },
    [`datastores.${volume}.gid`]: { good: [1], bad: [0, 1.5] },
    [`datastores.${volume}.size.value`]: size,
    [`datastores.${volume}.throughput.value`]: size,
    [`datastores.${volume}.from`]: {
      good: [{ owner: { app: "web" } }, { cloneClass: "gp3" }],
      bad: [{ owner: {} }, { cloneClass: "gp3", otherwise: { owner: {} } }, {}],
    },
    [`datastores.${volume}.claim`]: objectName,
    "workloads.0.name": objectName,
    "workloads.0.container": label,
    "workloads.0.kind": { good: ["Deployment", "StatefulSet", "DaemonSet"], bad: ["deployment", "Job", ""] },
    "workloads.0.pods": { good: [{ "app.kubernetes.io/name": "a_b" }], bad: [{ "-a": "b" }, { a: "b c" }, "app=a"] },
    "workloads.0.autoscale.cpu.value": { good: ["1%", "70%", "100%"], bad: ["0%", "101%", "70.5%", "70"] },
    "workloads.0.autoscale.min.value": { good: [1, 3], bad: [0, 1.5, "3"] },
    "workloads.0.autoscale.max.value": { good: [3], bad: [0, 4.5] },
    "workloads.0.maxUnavailable.value": { good: [1], bad: [0, 1.5, "1"] },
    "workloads.0.cpuBelow.0.value.value": percent,
    "workloads.0.memoryBelow.0.for.value": duration,
    "endpoints.0.name": label,
    "endpoints.0.urls": { good: [["https://a", "http://b"]], bad: [[], "https://a"] },
    "endpoints.0.urls.0": address,
    "endpoints.0.severity": severity,
    "endpoints.0.for.value": duration,
    "backups.0.job": cronJob,
    [`backups.${drilled}.drill.job`]: cronJob,
    [`backups.${drilled}.drill.assertions`]: {
      good: [["SELECT count(*) > 0 FROM a"], ["\n select $$VIP$$ = 'a'"]],
      bad: [["DELETE FROM a"], ["SELECT 1; DROP TABLE a"], "SELECT true"],
    },
    "backups.0.deadline": duration,
    "backups.0.prefix": { good: ["database/", "a/b_c.d/"], bad: ["database", "/", "/a/", "a b/", "a//b/", ""] },
    "backups.0.keep": {
      good: [{ daily: of("30d") }],
      bad: [{}, { daily: of("30") }, { daily: "30d" }, { daily: undefined }, { daily: of("30d"), yearly: of("9w") }],
    },
    "backups.0.survives": { good: [0, 2], bad: [-1, 1.5, "1"] },
    "backups.0.shrink": percent,
    "backups.0.accepts": {
      good: [run],
      bad: [
        "20261126T020004Z",
        "yes",
        "",
        null,
        ...["a.json", "suspect/a", "xa", "a0"].map((text) => text.replace("a", run)),
      ],
    },
    "backups.0.scratchClass": objectName,
    "backups.0.storageClass": { good: [{ daily: "GLACIER" }], bad: [{ daily: "STANDARD" }, { yearly: "GLACIER" }] },
    "monitor.job": cronJob,
    "monitor.deadline": duration,
    "indicators.duration": {
      good: [
        "up",
        "_http:requests_2:rate",
        "a{$scope}",
        'http{job="a{}",$scope}',
        '{"http.server.request.duration"}',
        '{"http.server.request.duration",$scope,"http.route"="/a"}',
        '{$scope,"a.b"}',
      ],
      bad: [
        "http.server.request.duration",
        '{"a.b","c"="d"}',
        '{"a.b","c.d",$scope',
        "{$scope}",
        '{__name__="a",$scope}',
        '{"a.b"}[5m]',
        'a{job="a"}',
        "a{}",
        "2xx",
        "rate(up[5m])",
        "sum up",
        "up[5m]",
        "up{$scope}[5m]",
        "-up{$scope}",
        "up{$scope",
        "",
      ],
    },
    "indicators.requests.failed": {
      good: ['code="500"', 'code!="200"', 'code=~"5.."', 'code!~"2.."', '_c0de=""', '"http.status"=~"5.."'],
      bad: [
        'http.status="500"',
        '"http.status"',
        '"a"b"="c"',
        '"="c"',
        "5..",
        'code"500"',
        "code=500",
        '5xx="a"',
        '{code="500"',
        'code="500"}',
        'code=!"5"',
        'c d="a"',
      ],
    },
    "indicators.histogram": { good: ["classic", "native"], bad: ["", "exponential", true] },
    "objectives.recoveryPoint.value": duration,
    "objectives.recoveryPoint": { good: [of("26h")], bad: ["26h", { value: "26h" }, of("26")] },
    "objectives.availability.value": percent,
    "objectives.latency.0.below.value": { good: ["200ms", "1s"], bad: ["0ms", "0.2s", "fast"] },
    "objectives.latency.0.for.value": duration,
    "objectives.errorRate.below.value": percent,
    "objectives.errorRate.for.value": duration,
    "objectives.latency.0.percentile": { good: [0.1, 95, 99.9], bad: [0, 100, "95", Number.NaN] },
    "alerts.0.name": {
      good: ["Disk", "DiskUsageHigh"],
      bad: ["", "diskUsage", "Disk_High", "Disk-Usage", "Disk Usage", "DISK", "../Disk"],
    },
    "alerts.0.for.value": duration,
    "alerts.0.description": { good: ["a"], bad: ["", "  "] },
    "alerts.0.summary": { good: ["a"], bad: ["", "  ", 7] },
    "alerts.0.severity": { good: ["critical", "warning", "info"], bad: ["page", ""] },
    "windows.0.name": { good: ["a", long(40)], bad: ["", "A", "-a", "a-", long(41)] },
    "windows.0.on": {
      good: [{ every: "day" }, { first: "saturday" }],
      bad: [{ every: "weekday" }, {}, { first: "day" }],
    },
    "windows.0.at.value": { good: ["00:00", "23:59"], bad: ["24:00", "2:00", "02:60", "02:00 "] },
    "windows.0.lasts.value": { good: ["60s", "2h"], bad: ["90s", "0m", "2"] },
    "windows.0.timeZone": {
      good: ["Etc/UTC", "UTC", "Europe/Berlin", "Asia/Calcutta", "US/Pacific", "Etc/UCT", "America/Port-au-Prince"],
      bad: ["utc", "Europe/berlin", "Europe/BERLIN", "US/PACIFIC", "Europe/Berlin ", "EST", "+02:00", "", "Mars/Base"],
    },
    "notify.warning": { good: [[], ["slack", "email"]], bad: [["pigeon"], ["Slack"], "slack"] },
  };
  for (const [path, { good, bad }] of Object.entries(forms)) {
    it(`is read or refused by the form of ${path}`, () => {
      for (const value of good) assert.deepEqual(faults(path, value), [], JSON.stringify(value));
      const shown = path.replace(/\.(\d+)/g, "[$1]").replace(/\.value$/, "");
      for (const value of bad) {
        const found = faults(path, value);
        assert.ok(found.length > 0, `${JSON.stringify(value)} is taken`);
        for (const fault of found) assert.ok(fault.path.startsWith(shown), `${fault.path} for ${shown}`);
      }
    });
  }

  it("never shows an address that may hold a password", () => {
    for (const [path, value] of [
      [`datastores.${postgres}.host`, "postgres://user:hunter2@db:5432/x"],
      ["endpoints.0.urls.0", "ftp://user:hunter2@a"],
      [`datastores.${grafana}.url`, "http://admin:hunter2@grafana:3000"],
    ] as const) {
      for (const fault of faults(path, value)) assert.doesNotMatch(JSON.stringify(fault), /hunter2/);
    }
  });

  it("is refused in words of its own, whatever is put anywhere", () => {
    const paths = (value: unknown, before: string[] = []): string[][] =>
      typeof value === "object" && value !== null
        ? [before, ...Object.entries(value).flatMap(([key, one]) => paths(one, [...before, key]))]
        : [before];
    for (const path of paths(shop).filter((one) => one.length > 0)) {
      for (const value of [7, {}]) {
        for (const { path: where, allowed, fix, code } of faults(path.join("."), value)) {
          assert.ok(code, where);
          assert.doesNotMatch(
            `${allowed} ${fix}`,
            /invalid|expected|received|unrecognized|undefined|unknown\b/i,
            where,
          );
        }
      }
    }
  });
});

describe("PromQL in a declaration", () => {
  const places = [
    "alerts.0.expr",
    "indicators.requests.total",
    "indicators.requests.failed",
    "indicators.duration",
    `datastores.${postgres}.continuous`,
  ];
  const broken: Record<string, unknown> = {
    "alerts.0.expr": "max(disk_used{$scope} > 90",
    "indicators.requests.total": 'requests{$scope,job="a}',
    "indicators.requests.failed": 'status=~"5.."}, x{a="b"',
    "indicators.duration": "http seconds",
    [`datastores.${postgres}.continuous`]: {
      by: "Amazon RDS",
      within: of("10m"),
      measures: [{ what: "archive", age: "min(age{$scope}", within: of("10m") }],
      undrilled: "a",
    },
  };
  for (const path of places) {
    it(`is refused where it does not parse: ${path}`, () => {
      const found = faults(path, broken[path]);
      assert.equal(found.length, 1, JSON.stringify(found));
      assert.ok(found[0]?.path.startsWith(path.replace(/\.(\d+)/g, "[$1]")));
    });
  }

  it("is refused with its line, its column, and the text there", () => {
    const [fault] = faults("alerts.0.expr", "sum(a{$scope})\n  / sum(b{$scope} [5m]) wrong");
    assert.match(fault?.got ?? "", /at line 2, column 25, near wrong$/);
    const [early] = faults("alerts.0.expr", "max(disk_used{$scope} > 90");
    assert.match(early?.got ?? "", /at line 1, column 27, near the end/);
  });

  it("is refused for a metric's name with dots outside of quotes, with how it is written", () => {
    const [total] = faults("indicators.requests.total", "http.server.request.count");
    assert.equal(total?.fix, `put it in quotes: '{"http.server.request.count"}'`);
  });

  it("is refused for a text that nothing closes, and where it names no $scope", () => {
    assert.equal(faults("alerts.0.expr", 'up{$scope,a="b} == 0').length, 1);
    assert.match(faults("alerts.0.expr", "up == 0")[0]?.got ?? "", /without \$scope/);
  });

  it("may be all that Prometheus takes", () => {
    for (const expr of [
      "sum by (le) (rate(a_bucket{$scope}[5m])) > 1e3",
      'sum(kube_endpoint_address{$scope,ready="true"} or vector(0)) == 0 and on () b{$scope}',
      "max_over_time(a{$scope}[1h:5m] offset 1d) @ end() > bool 0",
      "# why\nup{$scope} == 0",
    ]) {
      assert.deepEqual(faults("alerts.0.expr", expr), [], expr);
    }
  });
});
