import assert from "node:assert/strict";
import { stringify } from "yaml";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { found, isUnjudged, judge, texts, UNKNOWN, unknownIn } from "./judge.ts";
import { set } from "./set.ts";

const PROMETHEUS_RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** A fresh group of an alert and a recording rule that nothing is wrong with. */
function groups() {
  const annotations = {
    summary: "orders-backup has not succeeded for more than 25h 15m",
    description: "The last successful run is {{ $value | humanizeDuration }} ago.",
    runbook_url: "https://upkeep.example.com/runbooks/MaintenanceJobStale.md",
  };
  const labels = { severity: "critical", service: "shop", namespace: "shop" };
  return [
    {
      name: "orders",
      rules: [
        { alert: "MaintenanceJobStale", expr: "time() - last > 90900", for: "5m", labels, annotations },
        { record: "namespace:http_requests:rate5m", expr: "sum by (namespace) (rate(http_requests_total[5m]))" },
      ],
    },
  ];
}

const groupsWith = (path: string, value: unknown) => set(groups(), path, value);
const rule = (list: unknown) => ({ metadata: { namespace: "shop", name: "orders" }, spec: { groups: list } });
const file = (list: unknown) => ({ data: { "orders.yaml": stringify({ groups: list }) } });
const judged = (list: unknown) => found(alertWellFormed, PROMETHEUS_RULE, rule(list));

const ALERT = "0.rules.0";
const ALERT_NAMED = "groups[0].rules[MaintenanceJobStale]";
const RECORD_NAMED = "groups[0].rules[namespace:http_requests:rate5m]";

/** Where the fault is put and as what, undefined removing; and the fault that is found. */
type Mutation = [refuses: string, path: string, value: unknown, code: string, names: string];

const mutations: Mutation[] = [
  ["an alert without a name", `${ALERT}.alert`, undefined, "alert-name-invalid", "groups[0].rules[0].alert"],
  [
    "an alert whose name is no CamelCase",
    `${ALERT}.alert`,
    "jobStale",
    "alert-name-invalid",
    "groups[0].rules[jobStale].alert",
  ],
  ["a name with a space", `${ALERT}.alert`, "Job stale", "alert-name-invalid", "groups[0].rules[0].alert"],
  ["an alert without an expression", `${ALERT}.expr`, undefined, "rule-without-expression", `${ALERT_NAMED}.expr`],
  ["an empty expression", "0.rules.1.expr", "", "rule-without-expression", `${RECORD_NAMED}.expr`],
  ["an alert that fires at once", `${ALERT}.for`, undefined, "alert-wait-invalid", `${ALERT_NAMED}.for`],
  ["a wait of nothing", `${ALERT}.for`, "0m", "alert-wait-invalid", `${ALERT_NAMED}.for`],
  ["a wait without a unit", `${ALERT}.for`, "5", "alert-wait-invalid", `${ALERT_NAMED}.for`],
  ["no severity", `${ALERT}.labels.severity`, undefined, "alert-severity-unknown", `${ALERT_NAMED}.labels.severity`],
  [
    "a severity that no route knows",
    `${ALERT}.labels.severity`,
    "page",
    "alert-severity-unknown",
    `${ALERT_NAMED}.labels.severity`,
  ],
  ["no service", `${ALERT}.labels.service`, undefined, "alert-without-label", `${ALERT_NAMED}.labels.service`],
  ["no namespace", `${ALERT}.labels.namespace`, undefined, "alert-without-label", `${ALERT_NAMED}.labels.namespace`],
  ["no labels at all", `${ALERT}.labels`, undefined, "alert-without-label", `${ALERT_NAMED}.labels.namespace`],
  ["a template in a label", `${ALERT}.labels.value`, "{{ $value }}", "label-templated", `${ALERT_NAMED}.labels.value`],
  [
    "no summary",
    `${ALERT}.annotations.summary`,
    undefined,
    "alert-without-annotation",
    `${ALERT_NAMED}.annotations.summary`,
  ],
  [
    "a blank description",
    `${ALERT}.annotations.description`,
    " ",
    "alert-without-annotation",
    `${ALERT_NAMED}.annotations.description`,
  ],
  [
    "no runbook",
    `${ALERT}.annotations.runbook_url`,
    undefined,
    "alert-runbook-invalid",
    `${ALERT_NAMED}.annotations.runbook_url`,
  ],
  [
    "another alert's runbook",
    `${ALERT}.annotations.runbook_url`,
    "https://upkeep.example.com/runbooks/Other.md",
    "alert-runbook-invalid",
    `${ALERT_NAMED}.annotations.runbook_url`,
  ],
  [
    "a runbook that is no address",
    `${ALERT}.annotations.runbook_url`,
    "runbooks/MaintenanceJobStale.md",
    "alert-runbook-invalid",
    `${ALERT_NAMED}.annotations.runbook_url`,
  ],
  [
    "a record without levels",
    "0.rules.1.record",
    "http_requests_rate5m",
    "record-name-invalid",
    "groups[0].rules[http_requests_rate5m].record",
  ],
  [
    "a record of two parts",
    "0.rules.1.record",
    "http_requests:rate5m",
    "record-name-invalid",
    "groups[0].rules[http_requests:rate5m].record",
  ],
  ["a rule that is both", "0.rules.0.record", "a:b:c", "rule-alert-and-record", `${ALERT_NAMED}.record`],
  ["a rule that is neither", "0.rules.1", { expr: "up" }, "alert-name-invalid", "groups[0].rules[1].alert"],
];

describe("the policy alert-well-formed", () => {
  it("accepts well-formed rules, in a PrometheusRule and in a rule file", () => {
    assert.deepEqual(judge(alertWellFormed, PROMETHEUS_RULE, rule(groups())), []);
    assert.deepEqual(judge(alertWellFormed, CONFIG_MAP, file(groups())), []);
  });

  for (const [refuses, path, value, code, names] of mutations) {
    it(`refuses ${refuses}, in both`, () => {
      const list = groupsWith(path, value);
      const written = (faults: ReturnType<typeof found>) => faults.map((fault) => fault.join(" at "));
      assert.ok(written(judged(list)).includes(`${code} at spec.${names}`), written(judged(list)).join("\n"));
      const inFile = written(found(alertWellFormed, CONFIG_MAP, file(list)));
      assert.ok(inFile.includes(`${code} at data["orders.yaml"].${names}`), inFile.join("\n"));
    });
  }

  it("reports one violation for one fault", () => {
    for (const [refuses, path, value] of mutations.filter(([, path]) => !/labels$|rules\.1$|alert$/.test(path))) {
      assert.equal(judged(groupsWith(path, value)).length, 1, refuses);
    }
  });

  for (const severity of ["critical", "warning", "info", "none"]) {
    it(`accepts the severity ${severity}`, () => {
      assert.deepEqual(judged(groupsWith(`${ALERT}.labels.severity`, severity)), []);
    });
  }

  it("accepts a wait of two units, and a runbook without TLS", () => {
    assert.deepEqual(judged(groupsWith(`${ALERT}.for`, "1h30m")), []);
    const url = "http://runbooks.shop.svc/MaintenanceJobStale.md";
    assert.deepEqual(judged(groupsWith(`${ALERT}.annotations.runbook_url`, url)), []);
  });

  it("leaves alone what only looks like rules", () => {
    const texts = [
      "groups: [admins]\nrules: none",
      stringify({ groups: [{ name: "g", rules: [{ uid: "a", title: "of Grafana", condition: "A" }] }] }),
      "rules for groups: be kind: to each other",
      '{"apiGroups": ["apps"], "rules": []}',
    ];
    for (const text of texts) {
      assert.deepEqual(judge(alertWellFormed, CONFIG_MAP, { data: { "some.yaml": text } }), []);
    }
    assert.deepEqual(judge(alertWellFormed, CONFIG_MAP, { metadata: { name: "empty" } }), []);
  });

  it("refuses a rule file that is not YAML", () => {
    const text = "groups:\n  - rules: [\n";
    assert.deepEqual(found(alertWellFormed, CONFIG_MAP, { data: { "orders.yaml": text } }), [
      ["rule-file-unreadable", 'data["orders.yaml"]'],
    ]);
  });

  it("judges the other rules when one is not known yet, and names that one", () => {
    const list = groupsWith(`${ALERT}.expr`, UNKNOWN);
    set(list, `${ALERT}.for`, undefined);
    set(list, "0.rules.1.record", "up");
    const verdicts = judge(alertWellFormed, PROMETHEUS_RULE, rule(list));
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, undefined, "advisory"],
    );
    assert.deepEqual(unknownIn(verdicts), ["spec.groups[0].rules[0].expr"]);
  });

  it("says so where a file is not known yet", () => {
    const [verdict] = judge(alertWellFormed, CONFIG_MAP, { data: { "orders.yaml": UNKNOWN } });
    assert.equal(verdict?.enforcementLevel, "advisory");
  });

  it("turns a value of the wrong shape into a violation, and shows none of it", () => {
    const secret = "correct horse battery staple";
    for (const path of ["0.rules", ALERT, `${ALERT}.alert`, `${ALERT}.labels`, `${ALERT}.labels.severity`]) {
      for (const value of [secret, 7, [secret]]) {
        const said = texts(alertWellFormed, PROMETHEUS_RULE, rule(groupsWith(path, value)));
        assert.ok(!said.includes(secret), said);
      }
    }
    assert.ok(judge(alertWellFormed, PROMETHEUS_RULE, rule(groupsWith(`${ALERT}.alert`, 7))).length > 0);
    const [verdict] = judge(alertWellFormed, PROMETHEUS_RULE, rule(groupsWith(`${ALERT}.annotations.summary`, 7)));
    assert.ok(verdict && isUnjudged(verdict));
  });
});
