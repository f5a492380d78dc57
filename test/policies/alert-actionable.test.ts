import assert from "node:assert/strict";
import { alertActionable } from "../../policies/alert-actionable.ts";
import { found, judge } from "./judge.ts";
import {
  ALERT,
  ALERT_NAMED,
  CONFIG_MAP,
  file,
  groups,
  groupsWith,
  type Mutation,
  PROMETHEUS_RULE,
  refusesEach,
  rule,
} from "./rules.ts";

const judged = (list: unknown) => found(alertActionable, PROMETHEUS_RULE, rule(list));

const mutations: Mutation[] = [
  [
    "an alert whose name is no CamelCase",
    `${ALERT}.alert`,
    "jobStale",
    "alert-name-invalid",
    "groups[0].rules[jobStale].alert",
  ],
  ["a name with a space", `${ALERT}.alert`, "Job stale", "alert-name-invalid", "groups[0].rules[0].alert"],
  ["an alert that fires at once", `${ALERT}.for`, undefined, "alert-wait-invalid", `${ALERT_NAMED}.for`],
  ["a wait of nothing", `${ALERT}.for`, "0m", "alert-wait-invalid", `${ALERT_NAMED}.for`],
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
];

describe("the policy alert-actionable", () => {
  it("accepts rules that say all, in a PrometheusRule and in a rule file", () => {
    assert.deepEqual(judge(alertActionable, PROMETHEUS_RULE, rule(groups())), []);
    assert.deepEqual(judge(alertActionable, CONFIG_MAP, file(groups())), []);
  });

  refusesEach(alertActionable, mutations);

  it("accepts a wait of two units, and a runbook without TLS", () => {
    assert.deepEqual(judged(groupsWith(`${ALERT}.for`, "1h30m")), []);
    const url = "http://runbooks.shop.svc/MaintenanceJobStale.md";
    assert.deepEqual(judged(groupsWith(`${ALERT}.annotations.runbook_url`, url)), []);
  });

  it("leaves to alert-well-formed what no one could use", () => {
    for (const [path, value] of [
      [`${ALERT}.expr`, ""],
      [`${ALERT}.labels.severity`, "page"],
      [`${ALERT}.fore`, "5m"],
    ] as const) {
      assert.deepEqual(judged(groupsWith(path, value)), []);
    }
    assert.deepEqual(judge(alertActionable, CONFIG_MAP, { data: { "a.yaml": "groups:\n  - rules: [\n" } }), []);
  });

  it("judges no rules of others, unless they carry a label of ours", () => {
    const { metadata, ...unlabelled } = rule(groupsWith(`${ALERT}.labels.service`, undefined));
    assert.deepEqual(judge(alertActionable, PROMETHEUS_RULE, { metadata, ...unlabelled }, "anyone"), []);
    const labelled = { ...unlabelled, metadata: { ...metadata, labels: { "upkeep/rules": "own" } } };
    assert.equal(judge(alertActionable, PROMETHEUS_RULE, labelled, "anyone").length, 1);
  });
});
