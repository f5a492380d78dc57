import assert from "node:assert/strict";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { MARKER, markdownOf } from "../../cli/diff/markdown.ts";
import type { Report, ResourceChange, Violation } from "../../cli/diff/report.ts";
import { textOf } from "../../cli/diff/text.ts";
import { reportWith } from "./reports.ts";

const violation: Violation = {
  policy: "recovery-point-kept",
  level: "mandatory",
  resource: "urn:a",
  message: "recovery-point-kept: CronJob shop/orders: too late\nWhy: because\nMore: docs",
  isNew: true,
};
const update: ResourceChange = {
  op: "update",
  type: "kubernetes:batch/v1:CronJob",
  name: "shop-orders-cronjob",
  values: [{ path: "spec.schedule", before: "0 2 * * *", after: "0 4 * * *" }],
};
const full = reportWith({
  promises: [
    { subject: "mplp/main", what: "recovery point, at worst", before: "25h 15m", after: "49h 15m", direction: "worse" },
  ],
  costs: [{ what: "KMS keys", before: 10, after: 12 }],
  removals: [
    {
      ...{ op: "replace", type: "aws:s3/bucket:Bucket", name: "shop-backups-bucket", service: "shop" },
      ...{ protected: true, retained: true, because: ["bucket"] },
    },
  ],
  policies: { violations: [violation], resolved: 2 },
  resources: [{ service: "shop", changes: [update] }],
});

describe("the comment on a pull request", () => {
  it("is one line when nothing changes", () => {
    assert.equal(
      markdownOf([reportWith({})]),
      `${MARKER}\n\`prod\` compared with \`main\` (\`0123456789ab\`): nothing changes\n`,
    );
  });

  it("says promises, costs, removals and policies in this order, and folds resources", () => {
    assert.equal(
      markdownOf([full]),
      [
        MARKER,
        "### `prod` compared with `main` (`0123456789ab`)",
        "",
        "**Promises: 1 worse**",
        "",
        "- worse: `mplp/main` recovery point, at worst: `25h 15m` → `49h 15m`",
        "",
        "**Costs**",
        "",
        "- KMS keys: 10 → 12",
        "",
        "**Deletions and replacements**",
        "",
        "- protected, so the update is refused: leaves unmanaged `aws:s3/bucket:Bucket` `shop-backups-bucket` of `shop`, because of `bucket`",
        "",
        "**Policies: 1 new, 0 as before, 2 resolved**",
        "",
        "- new, mandatory: `recovery-point-kept` `CronJob shop/orders: too late`",
        "",
        "<details><summary><code>shop</code>: 1 updated</summary>",
        "",
        "- update `kubernetes:batch/v1:CronJob` `shop-orders-cronjob`: `spec.schedule` `0 2 * * *` → `0 4 * * *`",
        "",
        "</details>",
        "",
      ].join("\n"),
    );
  });

  it("says why a preview fails, in its own words", () => {
    const comment = markdownOf([reportWith({ failure: ['service "shop" cannot be deployed:\n- a: b\n```\nc'] })]);
    assert.match(
      comment,
      /\*\*The preview fails\*\*\n\n````\nservice "shop" cannot be deployed:\n- a: b\n```\nc\n````\n/,
    );
  });

  it("has a part for each stack", () => {
    const comment = markdownOf([full, reportWith({ stack: "staging" })]);
    assert.ok(comment.indexOf("`prod` compared") < comment.indexOf("`staging` compared with `main`"));
    assert.equal(comment.split(MARKER).length, 2);
  });
});

describe("a comment that would be too long", () => {
  const changes = Array.from({ length: 500 }, (_, index) => ({
    ...update,
    name: `shop-${index}-cronjob`,
    values: Array.from({ length: 8 }, (_, at) => ({
      path: `spec.a${at}`,
      before: "x".repeat(80),
      after: "y".repeat(80),
    })),
  }));
  const groups = ["a", "b", "c", "d"].map((service) => ({ service, changes }));

  it("drops values and then services, but no promise, removal or policy result", () => {
    const comment = markdownOf([{ ...full, resources: groups }]);
    assert.ok(comment.length < 65_536, `${comment.length}`);
    for (const kept of ["49h 15m", "shop-backups-bucket", "recovery-point-kept", "<code>a</code>: 500 updated"]) {
      assert.ok(comment.includes(kept), kept);
    }
    assert.match(comment, /The resources of [1-3] more services change too/);
  });

  it("keeps them for hundreds of removals and violations too", () => {
    const violations = Array.from({ length: 300 }, (_, index) => ({
      ...violation,
      message: `recovery-point-kept: CronJob shop/job-${index}: too late\n${"- a fault ".repeat(30)}`,
    }));
    const comment = markdownOf([{ ...full, policies: { violations, resolved: 0 }, resources: groups }]);
    assert.ok(comment.length < 65_536, `${comment.length}`);
    for (let index = 0; index < 300; index++) assert.ok(comment.includes(`shop/job-${index}:`), `${index}`);
  });
});

/** Every text that a hostile pull request can choose. */
const hostile = [
  "`` ` ```",
  "`@owners`",
  "@owners please approve",
  "<img src=x onerror=alert(1)>",
  "</details><script>alert(1)</script>",
  "[click](https://evil.example.com) ![i](https://evil.example.com/i.png)",
  "https://evil.example.com #1 GH-2 0123456789abcdef0123456789abcdef01234567",
  "a\n\n# heading\n- [x] done\n<!-- upkeep diff -->",
  "</code></summary></details>\n\n<b>",
  "\\`\\",
  " ",
];

function everywhere(text: string): Report {
  return reportWith({
    stack: text,
    base: { ref: text, commit: text },
    failure: [text],
    promises: [{ subject: text, what: "backup", before: text, after: text, direction: "worse" }],
    removals: [
      { op: "delete", type: text, name: text, service: text, protected: false, retained: false, because: [text] },
    ],
    policies: {
      violations: [{ policy: text, level: "advisory", resource: text, message: text, isNew: true }],
      resolved: 0,
    },
    resources: [
      {
        service: text,
        changes: [{ op: "update", type: text, name: text, values: [{ path: text, before: text, after: text }] }],
      },
    ],
  });
}

/** What GitHub would interpret: all nodes but code. */
function interpreted(node: Nodes): Nodes[] {
  return "children" in node ? [node, ...node.children.flatMap(interpreted)] : [node];
}

const harmless = new Set([
  "root",
  "heading",
  "paragraph",
  "strong",
  "list",
  "listItem",
  "text",
  "inlineCode",
  "code",
  "html",
]);

describe("a hostile pull request", () => {
  for (const text of hostile) {
    it(`gets nothing but code out of ${JSON.stringify(text)}`, () => {
      const nodes = interpreted(fromMarkdown(markdownOf([everywhere(text)])));
      assert.deepEqual(
        nodes.filter(({ type }) => !harmless.has(type)),
        [],
      );
      const html = nodes.flatMap((node) => (node.type === "html" ? [node.value] : []));
      assert.deepEqual(
        html.filter(
          (value) =>
            value !== MARKER &&
            value !== "</details>" &&
            !/^<details><summary>(no service|<code>[^<>"`@]*<\/code>): 1 updated<\/summary>$/.test(value),
        ),
        [],
      );
      const words = nodes.flatMap((node) => (node.type === "text" ? [node.value] : [])).join("\n");
      assert.doesNotMatch(words, /[@<>#[\]`]|evil|owners|heading/);
    });
  }
});

describe("the text of a report", () => {
  it("is one line when nothing changes", () => {
    assert.equal(textOf(reportWith({})), "prod compared with main (0123456789ab): nothing changes\n");
  });

  it("has the same order", () => {
    const lines = textOf(full).split("\n");
    const at = [
      "promises: 1 worse",
      "costs",
      "deletions and replacements",
      "policies: 1 new, 0 as before, 2 resolved",
      "shop: 1 updated",
    ].map((title) => lines.indexOf(title));
    assert.ok(!at.includes(-1), lines.join("\n"));
    assert.deepEqual(
      at,
      at.toSorted((one, other) => one - other),
    );
  });
});
