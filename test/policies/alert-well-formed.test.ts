import assert from "node:assert/strict";
import { stringify } from "yaml";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { found, judge, texts, UNKNOWN, unknownIn } from "./judge.ts";
import {
  ALERT,
  ALERT_NAMED,
  CONFIG_MAP,
  file,
  groups,
  groupsWith,
  type Mutation,
  PROMETHEUS_RULE,
  RECORD_NAMED,
  refusesEach,
  rule,
} from "./rules.ts";
import { set } from "./set.ts";

const judged = (list: unknown) => found(alertWellFormed, PROMETHEUS_RULE, rule(list));

const mutations: Mutation[] = [
  ["an alert without an expression", `${ALERT}.expr`, undefined, "rule-without-expression", `${ALERT_NAMED}.expr`],
  ["an empty expression", "0.rules.1.expr", "", "rule-without-expression", `${RECORD_NAMED}.expr`],
  ["a wait without a unit", `${ALERT}.for`, "5", "alert-wait-unreadable", `${ALERT_NAMED}.for`],
  ["no severity", `${ALERT}.labels.severity`, undefined, "alert-severity-unknown", `${ALERT_NAMED}.labels.severity`],
  [
    "a severity that no route knows",
    `${ALERT}.labels.severity`,
    "page",
    "alert-severity-unknown",
    `${ALERT_NAMED}.labels.severity`,
  ],
  ["a rule that is both", "0.rules.0.record", "a:b:c", "rule-alert-and-record", `${ALERT_NAMED}.record`],
  ["an alert without a name", `${ALERT}.alert`, undefined, "rule-without-name", "groups[0].rules[0].alert"],
  ["a rule that is neither", "0.rules.1", { expr: "up" }, "rule-without-name", "groups[0].rules[1].alert"],
  [
    "an expression that does not parse",
    `${ALERT}.expr`,
    "sum(rate(x[5m])",
    "expression-unreadable",
    `${ALERT_NAMED}.expr`,
  ],
  [
    "an alert that says nothing",
    `${ALERT}.annotations`,
    {},
    "alert-says-nothing",
    `${ALERT_NAMED}.annotations.summary`,
  ],
  ["a misspelt field", `${ALERT}.fore`, "5m", "unknown-key", `${ALERT_NAMED}.fore`],
];

describe("the policy alert-well-formed", () => {
  it("accepts well-formed rules, in a PrometheusRule and in a rule file", () => {
    assert.deepEqual(judge(alertWellFormed, PROMETHEUS_RULE, rule(groups())), []);
    assert.deepEqual(judge(alertWellFormed, CONFIG_MAP, file(groups())), []);
  });

  refusesEach(alertWellFormed, mutations);

  it("reports one fault for one mistake", () => {
    // A rule without any field has several.
    for (const [refuses, path, value] of mutations.filter(([, path]) => !path.endsWith("rules.1"))) {
      assert.equal(judged(groupsWith(path, value)).length, 1, refuses);
    }
  });

  for (const severity of ["critical", "warning", "info", "none"]) {
    it(`accepts the severity ${severity}`, () => {
      assert.deepEqual(judged(groupsWith(`${ALERT}.labels.severity`, severity)), []);
    });
  }

  const others: [what: string, path: string, value: unknown][] = [
    ["no wait", `${ALERT}.for`, undefined],
    ["a wait of nothing", `${ALERT}.for`, "0m"],
    ["a wait of two units", `${ALERT}.for`, "1h30m"],
    ["a name of its owners", `${ALERT}.alert`, "job:stale"],
    ["no service and no namespace", `${ALERT}.labels`, { severity: "warning" }],
    ["only a description", `${ALERT}.annotations`, { description: "It is old." }],
    ["the annotation of older mixins", `${ALERT}.annotations`, { message: "It is old." }],
    ["a record of two parts", "0.rules.1.record", "http_requests:rate5m"],
  ];
  for (const [what, path, value] of others) {
    it(`leaves to the house's own rules: ${what}`, () => assert.deepEqual(judged(groupsWith(path, value)), []));
  }

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
    set(list, `${ALERT}.for`, "5");
    set(list, "0.rules.1.expr", "");
    const verdicts = judge(alertWellFormed, PROMETHEUS_RULE, rule(list));
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.deepEqual(unknownIn(verdicts), ["spec.groups[0].rules[0].expr"]);
  });

  it("says so where a file is not known yet", () => {
    const [verdict] = judge(alertWellFormed, CONFIG_MAP, { data: { "orders.yaml": UNKNOWN } });
    assert.equal(verdict?.enforcementLevel, "advisory");
  });

  it("names a value of the wrong shape, and shows none of it", () => {
    const secret = "correct horse battery staple";
    for (const path of ["0.rules", ALERT, `${ALERT}.alert`, `${ALERT}.labels`, `${ALERT}.labels.severity`]) {
      for (const value of [secret, 7, [secret]]) {
        const said = texts(alertWellFormed, PROMETHEUS_RULE, rule(groupsWith(path, value)));
        assert.ok(!said.includes(secret), said);
      }
    }
  });

  const slips: [path: string, value: unknown][] = [
    [`${ALERT}.alert`, 7],
    [`${ALERT}.annotations.summary`, 7],
    [`${ALERT}.labels.severity`, 3],
    [`${ALERT}.for`, 300],
    ["0.rules", "text"],
    ["0", null],
  ];
  for (const [path, value] of slips) {
    it(`takes a person's slip for no bug of its own: ${path} as ${JSON.stringify(value)}`, () => {
      const at = path.replace(/(^|\.)(\d+)/g, "[$2]");
      assert.deepEqual(judged(groupsWith(path, value)), [["value-misshapen", `spec.groups${at}`]]);
    });
  }

  it("refuses groups that are a file's text, which no operator reads", () => {
    assert.deepEqual(judged(stringify(groups())), [["value-misshapen", "spec.groups"]]);
  });
});
