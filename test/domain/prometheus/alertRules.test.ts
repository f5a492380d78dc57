import assert from "node:assert/strict";
import { alertRuleFaults, type RuleGroupFields } from "../../../domain/prometheus/alertRules.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { refused } from "../../support/refused.ts";

type Rule = NonNullable<RuleGroupFields["rules"]>[number];
/** Undefined takes a field away. */
type Changes = { [field in keyof Rule]?: Rule[field] | undefined };

const alert: Rule = {
  alert: "BackupStale",
  expr: "time() - last > 90900",
  for: "5m",
  labels: { severity: "critical", service: "shop", namespace: "store" },
  annotations: {
    summary: "The backup is old",
    description: "It is {{ $value }} s old.",
    runbook_url: "https://upkeep.example.com/runbooks/BackupStale.md",
  },
};
const record: Rule = { record: "namespace:http_requests:rate5m", expr: "sum(rate(http_requests_total[5m]))" };

const judged = (...rules: unknown[]) => refused(alertRuleFaults([{ rules: rules as Rule[] }]));
const alertWith = (changes: Changes) => judged({ ...alert, ...changes });
const labelled = (labels: Record<string, string | undefined>) =>
  alertWith({ labels: { ...alert.labels, ...labels } as Rule["labels"] });
const annotated = (annotations: Record<string, string | undefined>) =>
  alertWith({ annotations: { ...alert.annotations, ...annotations } as Rule["annotations"] });

const at = "groups[0].rules[BackupStale]";

describe("a rule of Prometheus", () => {
  it("has no fault where it says all that its readers and the routes need", () => {
    assert.deepEqual(judged(alert, record), []);
    assert.deepEqual(judged({ ...record, labels: { service: "shop" } }), []);
    assert.deepEqual(alertWith({ expr: 1 }), []);
    assert.deepEqual(alertRuleFaults([{ name: "empty" }, {}]), []);
  });

  it("is refused with a field that no rule has, as is its group: the API server would drop it", () => {
    assert.deepEqual(judged({ ...alert, fore: "5m" }), [["unknown-key", `${at}.fore`]]);
    assert.deepEqual(judged({ ...record, "a b": 1 }), [["unknown-key", `groups[0].rules[${record.record}].*`]]);
    const group = { name: "shop", intervall: "1m", rules: [record] };
    assert.deepEqual(refused(alertRuleFaults([group])), [["unknown-key", "groups[0].intervall"]]);
  });

  it("is refused without an expression", () => {
    assert.deepEqual(alertWith({ expr: "" }), [["rule-without-expression", `${at}.expr`]]);
    assert.deepEqual(judged({ record: record.record }), [
      ["rule-without-expression", `groups[0].rules[${record.record}].expr`],
    ]);
  });

  it("is refused where it is an alert and a record at once", () =>
    assert.deepEqual(alertWith({ record: "up" }), [["rule-alert-and-record", `${at}.record`]]));

  it("is refused where it says nothing at all, with all that it lacks", () => {
    const empty = [
      ["rule-without-expression", "expr"],
      ["alert-name-invalid", "alert"],
      ["alert-wait-invalid", "for"],
      ["alert-severity-unknown", "labels.severity"],
      ["alert-without-label", "labels.service"],
      ["alert-without-label", "labels.namespace"],
      ["alert-without-annotation", "annotations.summary"],
      ["alert-without-annotation", "annotations.description"],
      ["alert-runbook-invalid", "annotations.runbook_url"],
    ].map(([code, field]) => [code, `groups[0].rules[0].${field}`]);
    assert.deepEqual(judged({}), empty);
    assert.deepEqual(judged(null), empty);
  });

  it("is found by its group's place and by its own name, or by its place where the name cannot be shown", () => {
    const place = (rule: Rule) =>
      alertRuleFaults([null as unknown as RuleGroupFields, { rules: [record, { ...rule, expr: "" }] }], "spec.groups")
        .map(({ path }) => path)
        .find((path) => path.endsWith(".expr"));
    assert.equal(place(alert), "spec.groups[1].rules[BackupStale].expr");
    assert.equal(place({ ...alert, alert: "a b" }), "spec.groups[1].rules[1].expr");
    assert.equal(place({ ...alert, alert: `A${"a".repeat(79)}` }), `spec.groups[1].rules[A${"a".repeat(79)}].expr`);
    assert.equal(place({ ...alert, alert: `A${"a".repeat(80)}` }), "spec.groups[1].rules[1].expr");
    assert.equal(place({ ...alert, alert: "$a" }), "spec.groups[1].rules[1].expr");
    assert.equal(place({ ...alert, alert: "a$" }), "spec.groups[1].rules[1].expr");
  });

  it("is judged although another cannot be, and although its own name cannot be read", () => {
    const unknown = (of: object, field: string) =>
      Object.defineProperty({ ...of }, field, {
        enumerable: true,
        get: () => {
          throw new TypeError("not known yet");
        },
      });
    const passedOver: string[] = [];
    const guard = (check: () => Fault[]) => {
      try {
        return check();
      } catch (error) {
        passedOver.push((error as Error).message);
        return [];
      }
    };
    const groups = [
      unknown({}, "rules"),
      { rules: [unknown(alert, "expr"), { ...record, expr: "" }] },
      { rules: [unknown({ ...alert, expr: "" }, "alert")] },
    ];
    assert.deepEqual(
      alertRuleFaults(groups, "groups", guard).map(({ path }) => path),
      [`groups[1].rules[${record.record}].expr`, "groups[2].rules[0].expr"],
    );
    assert.ok(passedOver.length > 0);
    assert.throws(() => alertRuleFaults(groups), /not known yet/);
  });
});

describe("an alert's name", () => {
  for (const name of ["backupStale", "Backup-Stale", "Backup_Stale", "1Backup", "Backup Stale", ""]) {
    it(`is refused as "${name}"`, () => {
      const [code, path] = alertWith({ alert: name })[0] ?? [];
      assert.equal(code, "alert-name-invalid");
      assert.match(path ?? "", /\.alert$/);
    });
  }

  it("may have digits and be one letter long", () => {
    for (const name of ["A", "S3Down"]) {
      const runbook_url = `https://upkeep.example.com/runbooks/${name}.md`;
      assert.deepEqual(alertWith({ alert: name, annotations: { ...alert.annotations, runbook_url } }), []);
    }
  });
});

describe("a record's name", () => {
  it("has a level, a metric and an operation", () => {
    for (const name of ["a:b:c", "_a1:b_2:C3", "namespace:http_requests:rate5m"]) {
      assert.deepEqual(judged({ ...record, record: name }), []);
    }
    for (const name of ["up", "a:b", "a:b:", ":b:c", "1a:b:c", "a:1b:c", "a:b:1c", "a:b:c:d"]) {
      assert.deepEqual(judged({ ...record, record: name }), [
        ["record-name-invalid", `groups[0].rules[${name}].record`],
      ]);
    }
    assert.deepEqual(judged({ ...record, record: undefined }), [["record-name-invalid", "groups[0].rules[0].record"]]);
  });
});

describe("how long an alert must hold", () => {
  it("is a duration above 0", () => {
    for (const wait of ["5m", "1h30m", "500ms", "10s", "1d", "2w", "1y", "0h1m"]) {
      assert.deepEqual(alertWith({ for: wait }), [], wait);
    }
    for (const wait of ["0m", "0h00s", "5", "m", "5 m", "-5m", "5m!", "5M", undefined]) {
      assert.deepEqual(alertWith({ for: wait }), [["alert-wait-invalid", `${at}.for`]], wait);
    }
  });

  it("is not asked for where the alert notifies no one", () => {
    for (const wait of [undefined, "0s"]) {
      assert.deepEqual(alertWith({ for: wait, labels: { ...alert.labels, severity: "none" } }), []);
    }
  });
});

describe("an alert's labels", () => {
  it("say its severity, in a word that the routes know", () => {
    for (const severity of ["critical", "warning", "info"]) assert.deepEqual(labelled({ severity }), []);
    for (const severity of ["page", undefined]) {
      assert.deepEqual(labelled({ severity }), [["alert-severity-unknown", `${at}.labels.severity`]]);
    }
  });

  it("say of which service it is, and in which namespace that is", () => {
    assert.deepEqual(labelled({ service: undefined }), [["alert-without-label", `${at}.labels.service`]]);
    assert.deepEqual(labelled({ namespace: "" }), [["alert-without-label", `${at}.labels.namespace`]]);
  });

  it("are plain texts, and an invalid name is not shown", () => {
    const template = (name: string) => ["label-templated", `${at}.labels.${name}`];
    const value = "{{ $value }}";
    assert.deepEqual(labelled({ value, empty: undefined }), [template("value")]);
    assert.deepEqual(labelled({ ["a".repeat(60)]: value }), [template("a".repeat(60))]);
    for (const name of ["a".repeat(61), "a b", "-a", "a-", ""]) {
      assert.deepEqual(labelled({ [name]: value }), [template("*")]);
    }
    assert.deepEqual(judged({ ...record, labels: { value } }), [
      ["label-templated", `groups[0].rules[${record.record}].labels.value`],
    ]);
  });
});

describe("an alert's annotations", () => {
  it("say what is wrong and what that means", () => {
    assert.deepEqual(annotated({ summary: " ", description: undefined }), [
      ["alert-without-annotation", `${at}.annotations.summary`],
      ["alert-without-annotation", `${at}.annotations.description`],
    ]);
  });

  it("lead to its own runbook", () => {
    for (const runbook_url of ["http://wiki/BackupStale.md", "https://wiki.example.com/a/b/BackupStale.md"]) {
      assert.deepEqual(annotated({ runbook_url }), []);
    }
    for (const runbook_url of [
      "https://wiki.example.com/Other.md",
      "https://wiki.example.com/OldBackupStale.md",
      "https://wiki.example.com/BackupStale.md#what-to-do",
      "runbooks/BackupStale.md",
      "see https://wiki.example.com/BackupStale.md",
      "https:///BackupStale.md",
      "https://BackupStale.md",
      "https://my wiki/BackupStale.md",
      "https://wiki.example.com/my runbooks/BackupStale.md",
      "ftp://wiki.example.com/BackupStale.md",
    ]) {
      assert.deepEqual(annotated({ runbook_url }), [["alert-runbook-invalid", `${at}.annotations.runbook_url`]]);
    }
  });

  it("name no page where the alert's name cannot be shown", () => {
    const page = (name: string) => {
      const fault = alertRuleFaults([{ rules: [{ ...alert, alert: name }] }]).at(-1);
      return /\/([^/]*)\.md$/.exec(fault?.allowed ?? "")?.[1];
    };
    assert.equal(page("Other"), "Other");
    assert.equal(page("a".repeat(80)), "a".repeat(80));
    for (const name of ["a".repeat(81), "a b", "-a", "a-"]) assert.equal(page(name), "<alert>");
  });
});
