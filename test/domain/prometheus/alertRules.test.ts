import assert from "node:assert/strict";
import { alertRuleFaults, type RuleGroupFields } from "../../../domain/prometheus/alertRules.ts";
import { type Fault, faultMessage } from "../../../domain/values/fault.ts";

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

const judged = (...rules: unknown[]) => alertRuleFaults([{ rules: rules as Rule[] }]).map(faultMessage);
const alertWith = (changes: Changes) => judged({ ...alert, ...changes });
const labelled = (labels: Record<string, string | undefined>) =>
  alertWith({ labels: { ...alert.labels, ...labels } as Rule["labels"] });
const annotated = (annotations: Record<string, string | undefined>) =>
  alertWith({ annotations: { ...alert.annotations, ...annotations } as Rule["annotations"] });

const at = "groups[0].rules[BackupStale]";
const noExpr = "expr is missing; allowed: PromQL. Fix: write what the rule asks for";
const badName =
  "allowed: letters and digits, the first a capital, such as BackupStale. Fix: rename it, and its page in runbooks/";
const badWait =
  "allowed: a duration above 0, such as 5m. Fix: set how long it must hold: a single scrape that failed is nobody's alert";
const badSeverity = "allowed: critical, warning, info, none. Fix: set one of them: the routes know no other";
const noLabel = (name: string) =>
  `labels.${name} is missing; allowed: the name of a ${name}. Fix: set the ${name} that it is about: the routes and its readers go by it`;
const noSummary = "annotations.summary is missing; allowed: a sentence. Fix: say in one line what is wrong";
const noDescription =
  "annotations.description is missing; allowed: a sentence. Fix: say what it means, with the numbers";
const badRunbook = (page: string) =>
  `allowed: an address that begins with https:// or http:// and ends with /${page}.md. Fix: link the alert's page in runbooks/`;

describe("a rule of Prometheus", () => {
  it("has no fault where it says all that its readers and the routes need", () => {
    assert.deepEqual(judged(alert, record), []);
    assert.deepEqual(judged({ ...record, labels: { service: "shop" } }), []);
    assert.deepEqual(alertWith({ expr: 1 }), []);
    assert.deepEqual(alertRuleFaults([{ name: "empty" }, {}]), []);
  });

  it("is refused without an expression", () => {
    assert.deepEqual(alertWith({ expr: "" }), [`${at}.${noExpr}`]);
    assert.deepEqual(judged({ record: record.record }), [`groups[0].rules[${record.record}].${noExpr}`]);
  });

  it("is refused where it is an alert and a record at once", () => {
    assert.deepEqual(alertWith({ record: "up" }), [
      `${at}.record is "up"; allowed: nothing beside alert. Fix: make two rules of it: Prometheus loads nothing of a file with such a rule`,
    ]);
  });

  it("is refused where it says nothing at all, with all that it lacks", () => {
    const empty = [
      noExpr,
      `alert is missing; ${badName}`,
      `for is missing; ${badWait}`,
      `labels.severity is missing; ${badSeverity}`,
      noLabel("service"),
      noLabel("namespace"),
      noSummary,
      noDescription,
      `annotations.runbook_url is missing; ${badRunbook("<alert>")}`,
    ].map((message) => `groups[0].rules[0].${message}`);
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
      const [message] = alertWith({ alert: name });
      assert.match(message ?? "", /\.alert is "?/);
      assert.ok(message?.endsWith(badName));
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
      const shown = name === "up" ? '"up"' : `${name.length} characters`;
      assert.deepEqual(judged({ ...record, record: name }), [
        `groups[0].rules[${name}].record is ${shown}; allowed: level:metric:operations, such as namespace:http_requests:rate5m. Fix: rename it`,
      ]);
    }
    assert.match(judged({ ...record, record: undefined }).join(), /^groups\[0\]\.rules\[0\]\.record is missing/);
  });
});

describe("how long an alert must hold", () => {
  it("is a duration above 0", () => {
    for (const wait of ["5m", "1h30m", "500ms", "10s", "1d", "2w", "1y", "0h1m"]) {
      assert.deepEqual(alertWith({ for: wait }), [], wait);
    }
    for (const wait of ["0m", "0h00s", "5", "m", "5 m", "-5m", "5m!", "5M"]) {
      const [message, ...more] = alertWith({ for: wait });
      assert.ok(message?.startsWith(`${at}.for is `) && message.endsWith(badWait), wait);
      assert.deepEqual(more, []);
    }
    assert.deepEqual(alertWith({ for: undefined }), [`${at}.for is missing; ${badWait}`]);
  });

  it("is not asked for where the alert tells nobody", () => {
    for (const wait of [undefined, "0s"]) {
      assert.deepEqual(alertWith({ for: wait, labels: { ...alert.labels, severity: "none" } }), []);
    }
  });
});

describe("an alert's labels", () => {
  it("say how loud it is, in a word that the routes know", () => {
    for (const severity of ["critical", "warning", "info"]) assert.deepEqual(labelled({ severity }), []);
    assert.deepEqual(labelled({ severity: "page" }), [`${at}.labels.severity is "page"; ${badSeverity}`]);
    assert.deepEqual(labelled({ severity: undefined }), [`${at}.labels.severity is missing; ${badSeverity}`]);
  });

  it("say of which service it is, and where that lies", () => {
    assert.deepEqual(labelled({ service: undefined }), [`${at}.${noLabel("service")}`]);
    assert.deepEqual(labelled({ namespace: "" }), [`${at}.${noLabel("namespace")}`]);
  });

  it("are plain texts, and a name that is none is not shown", () => {
    const template = (name: string) =>
      `${at}.labels.${name} is a template; allowed: plain text. Fix: write the template in an annotation: an alert whose labels change is a new one each time`;
    const value = "{{ $value }}";
    assert.deepEqual(labelled({ value, empty: undefined }), [template("value")]);
    assert.deepEqual(labelled({ ["a".repeat(60)]: value }), [template("a".repeat(60))]);
    for (const name of ["a".repeat(61), "a b", "-a", "a-", ""]) {
      assert.deepEqual(labelled({ [name]: value }), [template("*")]);
    }
    assert.match(judged({ ...record, labels: { value } }).join(), /\.labels\.value is a template/);
  });
});

describe("an alert's annotations", () => {
  it("say what is wrong and what that means", () => {
    assert.deepEqual(annotated({ summary: " ", description: undefined }), [
      `${at}.${noSummary}`,
      `${at}.${noDescription}`,
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
      assert.deepEqual(annotated({ runbook_url }), [
        `${at}.annotations.runbook_url is ${runbook_url.length} characters; ${badRunbook("BackupStale")}`,
      ]);
    }
  });

  it("name no page where the alert's name cannot be shown", () => {
    const page = (name: string) =>
      alertWith({ alert: name })
        .at(-1)
        ?.match(/ends with \/(.*)\.md\. Fix/)?.[1];
    assert.equal(page("Other"), "Other");
    assert.equal(page("a".repeat(80)), "a".repeat(80));
    for (const name of ["a".repeat(81), "a b", "-a", "a-"]) assert.equal(page(name), "<alert>");
  });
});
