import assert from "node:assert/strict";
import { stringify } from "yaml";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { judge, messages, UNKNOWN } from "./judge.ts";
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
const judged = (list: unknown) => messages(alertWellFormed, PROMETHEUS_RULE, rule(list));

const ALERT = "0.rules.0";
const ALERT_NAMED = "groups[0].rules[MaintenanceJobStale]";

/** Where the fault is put and as what, undefined removing; and the path that the message must name. */
type Mutation = [refuses: string, path: string, value: unknown, names: string];

const mutations: Mutation[] = [
  ["an alert without a name", `${ALERT}.alert`, undefined, "groups[0].rules[0].alert is missing"],
  ["an alert whose name is no CamelCase", `${ALERT}.alert`, "jobStale", "groups[0].rules[jobStale].alert is "],
  ["a name with a space", `${ALERT}.alert`, "Job stale", "groups[0].rules[0].alert is 9 characters"],
  ["an alert without an expression", `${ALERT}.expr`, undefined, `${ALERT_NAMED}.expr is missing`],
  ["an empty expression", "0.rules.1.expr", "", "groups[0].rules[namespace:http_requests:rate5m].expr is missing"],
  ["an alert that fires at once", `${ALERT}.for`, undefined, `${ALERT_NAMED}.for is missing`],
  ["a wait of nothing", `${ALERT}.for`, "0m", `${ALERT_NAMED}.for is "0m"`],
  ["a wait without a unit", `${ALERT}.for`, "5", `${ALERT_NAMED}.for is "5"`],
  ["no severity", `${ALERT}.labels.severity`, undefined, `${ALERT_NAMED}.labels.severity is missing`],
  ["a severity that no route knows", `${ALERT}.labels.severity`, "page", `${ALERT_NAMED}.labels.severity is "page"`],
  ["no service", `${ALERT}.labels.service`, undefined, `${ALERT_NAMED}.labels.service is missing`],
  ["no namespace", `${ALERT}.labels.namespace`, undefined, `${ALERT_NAMED}.labels.namespace is missing`],
  ["no labels at all", `${ALERT}.labels`, undefined, `${ALERT_NAMED}.labels.namespace is missing`],
  ["a template in a label", `${ALERT}.labels.value`, "{{ $value }}", `${ALERT_NAMED}.labels.value is a template`],
  ["no summary", `${ALERT}.annotations.summary`, undefined, `${ALERT_NAMED}.annotations.summary is missing`],
  ["a blank description", `${ALERT}.annotations.description`, " ", `${ALERT_NAMED}.annotations.description is missing`],
  ["no runbook", `${ALERT}.annotations.runbook_url`, undefined, `${ALERT_NAMED}.annotations.runbook_url is missing`],
  [
    "another alert's runbook",
    `${ALERT}.annotations.runbook_url`,
    "https://upkeep.example.com/runbooks/Other.md",
    `${ALERT_NAMED}.annotations.runbook_url is 44 characters; allowed: an address that begins with https:// or http:// and ends with /MaintenanceJobStale.md`,
  ],
  [
    "a runbook that is no address",
    `${ALERT}.annotations.runbook_url`,
    "runbooks/MaintenanceJobStale.md",
    `${ALERT_NAMED}.annotations.runbook_url is 31 characters`,
  ],
  ["a record without levels", "0.rules.1.record", "http_requests_rate5m", "rules[http_requests_rate5m].record is "],
  ["a record of two parts", "0.rules.1.record", "http_requests:rate5m", "rules[http_requests:rate5m].record is "],
  [
    "a rule that is both",
    "0.rules.0.record",
    "a:b:c",
    `${ALERT_NAMED}.record is 5 characters; allowed: nothing beside`,
  ],
  ["a rule that is neither", "0.rules.1", { expr: "up" }, "groups[0].rules[1].alert is missing"],
];

describe("the policy alert-well-formed", () => {
  it("accepts well-formed rules, in a PrometheusRule and in a rule file", () => {
    assert.deepEqual(judge(alertWellFormed, PROMETHEUS_RULE, rule(groups())), []);
    assert.deepEqual(judge(alertWellFormed, CONFIG_MAP, file(groups())), []);
  });

  for (const [refuses, path, value, names] of mutations) {
    it(`refuses ${refuses}, in both`, () => {
      const list = groupsWith(path, value);
      const [inRule, inFile] = [judged(list), messages(alertWellFormed, CONFIG_MAP, file(list))];
      assert.ok(
        inRule.some((message) => message.includes(names)),
        inRule.join("\n"),
      );
      assert.ok(inFile.some((message) => message.includes(names)) && inFile[0]?.includes(': data["orders.yaml"].'));
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
      assert.deepEqual(messages(alertWellFormed, CONFIG_MAP, { data: { "some.yaml": text } }), []);
    }
    assert.deepEqual(judge(alertWellFormed, CONFIG_MAP, { metadata: { name: "empty" } }), []);
  });

  it("refuses a rule file that is not YAML", () => {
    const text = "groups:\n  - rules: [\n";
    assert.match(
      messages(alertWellFormed, CONFIG_MAP, { data: { "orders.yaml": text } }).join(),
      /data\["orders\.yaml"\] is 21 characters that are not YAML/,
    );
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
    assert.match(verdicts[2]?.message ?? "", /not known before the update: spec\.groups\[0\]\.rules\[0\]\.expr\./);
  });

  it("says so where a file is not known yet", () => {
    const [verdict] = judge(alertWellFormed, CONFIG_MAP, { data: { "orders.yaml": UNKNOWN } });
    assert.equal(verdict?.enforcementLevel, "advisory");
  });

  it("turns a value of the wrong shape into a violation, and shows none of it", () => {
    const secret = "correct horse battery staple";
    for (const path of ["0.rules", ALERT, `${ALERT}.alert`, `${ALERT}.labels`, `${ALERT}.labels.severity`]) {
      for (const value of [secret, 7, [secret]]) {
        const found = judged(groupsWith(path, value)).join("\n");
        assert.ok(!found.includes(secret), found);
      }
    }
    assert.match(judged(groupsWith(`${ALERT}.alert`, 7)).join(), /alert/);
    assert.match(judged(groupsWith(`${ALERT}.annotations.summary`, 7)).join(), /cannot be judged: TypeError/);
  });
});
