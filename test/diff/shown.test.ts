import assert from "node:assert/strict";
import { cleaned, shown, shownBoth } from "../../cli/diff/shown.ts";
import { UNKNOWN } from "../../standins/values.ts";

describe("a value in a report", () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const cases: Record<string, [value: unknown, text: string]> = {
    "is a text as it is": ["0 2 * * *", "0 2 * * *"],
    "is JSON if it is no text": [{ a: [1, true] }, '{"a":[1,true]}'],
    "is not spelled out if it is unknown": [`x ${UNKNOWN}`, "x (known after the update)"],
    "is on one line": ["a\nb", "a\\nb"],
    "is short": ["x".repeat(500), `${"x".repeat(99)}…`],
    "has no credential": [`token ${token}`, "[hidden: a token]"],
    "has no credential further in": [
      { url: "postgres://shop:hunter2hunter2@db/shop" },
      "[hidden: a URL with a password]",
    ],
    "shows what turns the text around it": ["a\u202Eb\u200Bc\u0007", "a\\u{202e}b\\u{200b}c\\u{7}"],
  };
  for (const [title, [value, text]] of Object.entries(cases)) it(title, () => assert.equal(shown(value), text));

  it("begins shortly before the difference, if it is long", () => {
    assert.deepEqual(shownBoth(`${"x".repeat(200)}1`, `${"x".repeat(200)}2`), {
      before: `…${"x".repeat(20)}1`,
      after: `…${"x".repeat(20)}2`,
    });
    assert.deepEqual(shownBoth("0 2 * * *", "0 4 * * *"), { before: "0 2 * * *", after: "0 4 * * *" });
    assert.equal(shownBoth("x".repeat(200), `${"x".repeat(200)}2`).after, `…${"x".repeat(20)}2`);
  });

  it("hides only the line that has a credential", () => {
    assert.equal(cleaned(`it fails:\n- token ${token}\n- other`), "it fails:\n[hidden: a token]\n- other");
  });

  it("hides all lines of a credential that has several", () => {
    const key = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----"].join(
      "\n",
    );
    assert.equal(cleaned(`it fails:\n${key}`), "[hidden: a private key]");
  });

  it("cleans every text of a report", () => {
    const name = `a-${token}`;
    assert.deepEqual(cleaned({ count: 1, list: [{ name }], flag: true }), {
      ...{ count: 1, flag: true },
      list: [{ name: "[hidden: a token]" }],
    });
  });
});
