import assert from "node:assert/strict";
import { stringify } from "yaml";
import { criticalReachesAPerson } from "../../policies/critical-reaches-a-person.ts";
import { findings, judgeStack, type Resource, UNKNOWN } from "../../policies/testing.ts";
import { CONFIG_MAP, file, groups, groupsWith, PROMETHEUS_RULE, rule } from "./rules.ts";

const CONFIG = "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig";
const PAGED = { name: "people", pagerduty_configs: [{ routing_key_file: "/etc/key" }] };
const NOBODY = { name: "null" };
const receivers = [PAGED, NOBODY];

const rules = (list: unknown = groups()): Resource => ({ type: PROMETHEUS_RULE, name: "rules", props: rule(list) });
const secret = (configuration: unknown): Resource => ({
  type: "kubernetes:core/v1:Secret",
  name: "alertmanager",
  props: { stringData: { "alertmanager.yaml": stringify(configuration) } },
});
const judged = (...stack: Resource[]) => judgeStack(stack, { policies: [criticalReachesAPerson] });
const AT = "spec.groups[0].rules[MaintenanceJobStale].labels.severity";
const refused = [["critical-reaches-a-person", "critical-reaches-nobody", AT]];
/** What is said of the alert, which has the labels severity, service and namespace, under these routes. */
const routed = (...routes: object[]) =>
  findings(judged(rules(), secret({ route: { receiver: "null", routes }, receivers })));

describe("the policy critical-reaches-a-person", () => {
  it("accepts a critical alert that a route brings to a receiver with a channel", () => {
    assert.deepEqual(routed({ matchers: ['severity="critical"'], receiver: "people" }), []);
    assert.deepEqual(judged(rules(), secret({ route: { receiver: "people" }, receivers })), []);
  });

  it("refuses one that ends at a receiver without a channel, or at none", () => {
    assert.deepEqual(routed(), refused);
    const { message = "" } = judged(rules(), secret({ route: { receiver: "null" }, receivers }))[0] ?? {};
    assert.match(message, /ends at null/);
    assert.deepEqual(findings(judged(rules(), secret({ route: { receiver: "lost" }, receivers }))), refused);
  });

  const brought: [what: string, ...routes: object[]][] = [
    ["a match", { match: { severity: "critical" }, receiver: "people" }],
    ["a regular expression", { match_re: { service: "shop|billing" }, receiver: "people" }],
    ["several matchers in one text", { matchers: ['{severity=~"crit.*", service!="x"}'], receiver: "people" }],
    ["a matcher without quotes", { matchers: ["severity = critical"], receiver: "people" }],
    [
      "an inner route's own matcher",
      { matchers: [], receiver: "null", routes: [{ matchers: ["service=shop"], receiver: "people" }] },
    ],
    [
      "an inner route without a receiver",
      { matchers: [], receiver: "people", routes: [{ matchers: ["service=shop"] }] },
    ],
    [
      "a route after one that goes on",
      { matchers: [], receiver: "null", continue: true },
      { matchers: [], receiver: "people" },
    ],
    ["a label that its series may have", { matchers: ["cluster=eu"], receiver: "people" }],
    [
      "a route beside one that only may take it",
      { matchers: ["cluster=eu"], receiver: "null" },
      { matchers: ["service=shop"], receiver: "people" },
    ],
    ["a pattern that only Prometheus reads", { matchers: ['service=~"(?P<a>shop)"'], receiver: "people" }],
  ];
  for (const [what, ...routes] of brought) {
    it(`follows ${what}`, () => assert.deepEqual(routed(...routes), []));
  }

  const lost: [what: string, ...routes: object[]][] = [
    [
      "an earlier route that keeps it",
      { matchers: ["service=shop"], receiver: "null" },
      { matchers: [], receiver: "people" },
    ],
    ["another service's route", { matchers: ["service=billing"], receiver: "people" }],
    ["a matcher that excludes it", { matchers: ['severity!~"critical|warning"'], receiver: "people" }],
    ["its name", { matchers: ["alertname=Watchdog"], receiver: "people" }],
    [
      "an inner route without people",
      { matchers: [], receiver: "people", routes: [{ matchers: ["service=shop"], receiver: "null" }] },
    ],
    ["a receiver with an empty list", { matchers: [], receiver: "empty" }],
  ];
  for (const [what, ...routes] of lost) {
    it(`is not misled by ${what}`, () => {
      const all = [...receivers, { name: "empty", slack_configs: [] }];
      assert.deepEqual(
        findings(judged(rules(), secret({ route: { receiver: "null", routes }, receivers: all }))),
        refused,
      );
    });
  }

  it("reads AlertmanagerConfigs, each for its namespace", () => {
    const config = (namespace: unknown, matchType = "=", extra: object = { slackConfigs: [{}] }): Resource => ({
      type: CONFIG,
      name: `config-${String(namespace)}`,
      props: {
        metadata: { namespace },
        spec: {
          route: { receiver: "team", matchers: [{ name: "severity", value: "critical", matchType }] },
          receivers: [{ name: "team", ...extra }],
        },
      },
    });
    assert.deepEqual(judged(rules(), config("shop")), []);
    assert.deepEqual(findings(judged(rules(), config("billing"))), refused);
    assert.deepEqual(findings(judged(rules(), config("shop", "!="))), refused);
    assert.deepEqual(findings(judged(rules(), config("shop", "=", {}))), refused);
    assert.deepEqual(judged(rules(), config("billing"), config("shop")), [], "one of them takes it");
    assert.deepEqual(findings(judged(rules(), config(UNKNOWN))), [
      ["critical-reaches-a-person", "unknown", "metadata.namespace"],
    ]);
  });

  it("judges nothing in a stack without routes: another has them", () => assert.deepEqual(judged(rules()), []));

  it("asks it of critical alerts alone", () => {
    for (const severity of ["warning", "none", undefined]) {
      assert.deepEqual(
        judged(
          rules(groupsWith("0.rules.0.labels.severity", severity)),
          secret({ route: { receiver: "null" }, receivers }),
        ),
        [],
      );
    }
  });

  it("takes a label that is a template for one that may have any value", () => {
    const templated = rules(groupsWith("0.rules.0.labels.service", "{{ $labels.service }}"));
    const configuration = {
      route: { receiver: "null", routes: [{ matchers: ["service=shop"], receiver: "people" }] },
      receivers,
    };
    assert.deepEqual(judged(templated, secret(configuration)), []);
  });

  it("reads rule files, Secrets in base64 and configurations in ConfigMaps", () => {
    const text = stringify({ route: { receiver: "null" }, receivers });
    const places: [type: string, props: object][] = [
      ["kubernetes:core/v1:Secret", { data: { "alertmanager.yaml": Buffer.from(text).toString("base64") } }],
      [CONFIG_MAP, { data: { "alertmanager.yml": text } }],
    ];
    for (const [type, props] of places) {
      assert.deepEqual(findings(judged(rules(), { type, name: "routes", props })), refused);
    }
    assert.deepEqual(
      findings(
        judged(
          { type: CONFIG_MAP, name: "file", props: file(groups()) },
          secret({ route: { receiver: "null" }, receivers }),
        ),
      ),
      [
        [
          "critical-reaches-a-person",
          "critical-reaches-nobody",
          'data["orders.yaml"].groups[0].rules[MaintenanceJobStale].labels.severity',
        ],
      ],
    );
  });

  it("says nothing of what a preview does not know, and names it", () => {
    const hidden = {
      type: "kubernetes:core/v1:Secret",
      name: "other",
      props: { stringData: { "alertmanager.yaml": UNKNOWN } },
    };
    assert.deepEqual(findings(judged(rules(), secret({ route: { receiver: "null" }, receivers }), hidden)), [
      ["critical-reaches-a-person", "unknown", "stringData.alertmanager.yaml"],
    ]);
    assert.deepEqual(
      findings(
        judged(
          rules(groupsWith("0.rules.0.labels.severity", UNKNOWN)),
          secret({ route: { receiver: "null" }, receivers }),
        ),
      ),
      [["critical-reaches-a-person", "unknown", "spec.groups[0].rules[0].labels.severity"]],
    );
  });

  it("leaves a configuration that is not one to Alertmanager", () => {
    for (const configuration of ["a: [", "text", "- 1", "route: 7"]) {
      const odd = {
        type: "kubernetes:core/v1:Secret",
        name: "odd",
        props: { stringData: { "alertmanager.yaml": configuration } },
      };
      assert.deepEqual(judged(rules(), odd), []);
    }
  });

  it("shows nothing of the receivers but a name", () => {
    const configuration = {
      route: { receiver: "correct horse battery" },
      receivers: [{ name: "correct horse battery" }],
    };
    const [report] = judged(rules(), secret(configuration));
    assert.ok(report && !report.message.includes("horse"));
  });
});
