import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { credentialIn, namedCredential } from "../../../domain/kubernetes/credential.ts";
import { given, harmless } from "./credentialSamples.ts";

// A second opinion on credential.ts, by the recommended rules of github.com/secretlint/secretlint. Each disagreement has its reason here.

const PRESET = "@secretlint/secretlint-rule-preset-recommend";
const rules = [{ id: PRESET, rule: creator, options: {} }];

/** Names of secretlint's rules that find something in a text, such as `github`. */
async function secondOpinion(content: string): Promise<string[]> {
  const source = { content, filePath: "value.txt", ext: ".txt", contentType: "text" as const };
  const { messages } = await lintSource({ source, options: { config: { rules } } });
  return [...new Set(messages.map(({ ruleId }) => ruleId.replace("@secretlint/secretlint-rule-", "")))];
}

/** The first characters of a text that no rule takes for a word or a counter. Samples are put together here, so that no scanner finds one. */
const mixed = (length: number) =>
  "Qx7Rk2Lm9Tz4Wv8Bn3Cy6Hd1Fg5JpSaEuKoMiNqVrXtZwYbGcDhUeIlPfOsA0q".repeat(3).slice(0, length);
const capitals = (length: number) => mixed(length).toUpperCase();
const hex = (length: number) => "3f9a1c7e5b2d8046".repeat(8).slice(0, length);
const digits = "123456789012";
const made = (...parts: string[]) => parts.join("");

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
const curve = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const edwards = () => generateKeyPairSync("ed25519").privateKey;
const sealed = { cipher: "aes-256-cbc", passphrase: "shop" };
const pem = (key: ReturnType<typeof rsa>, type: "pkcs1" | "pkcs8" | "sec1", seal = {}) =>
  String(key.export({ type, format: "pem", ...seal }));

/** What both find: secretlint's rule, and a text of the real form. */
const both: [rule: string, text: string][] = [
  ["database-connection-string", `postgresql://shop:${mixed(20)}@db.example.com:5432/orders`],
  ["database-connection-string", `mysql://shop:${mixed(16)}@db:3306/orders`],
  ["database-connection-string", `mongodb+srv://shop:${mixed(16)}@cluster0.example.mongodb.net/orders`],
  ["basicauth", `https://shop:${mixed(16)}@example.com/`],
  ["slack", made("https://hooks.slack", `.com/services/T${capitals(9)}/B${capitals(9)}/${mixed(24)}`)],
  ["slack", made("xox", `b-${digits}-${digits}-${mixed(24)}`)],
  ["slack", made("xox", `p-${digits}-${digits}-${digits}-${hex(32)}`)],
  ["privatekey", pem(rsa(), "pkcs1")],
  ["privatekey", pem(rsa(), "pkcs8")],
  ["privatekey", pem(curve(), "pkcs8")],
  ...["p", "o", "u", "s", "r"].map((kind): [string, string] => ["github", made(`gh${kind}`, `_${mixed(36)}`)]),
  ["github", made("github", `_pat_${mixed(22)}_${mixed(59)}`)],
  ["gitlab", made("glpat", `-${mixed(20)}`)],
  ["stripe", made("sk", `_live_${mixed(24)}`)],
  ["stripe", made("rk", `_live_${mixed(24)}`)],
  ["npm", made("npm", `_${mixed(36)}`)],
  ["sendgrid", made("SG", `.${mixed(22)}.${mixed(43)}`)],
  ["anthropic", made("sk", `-ant-api03-${mixed(93)}AA`)],
];

const ADDRESSES = "secretlint knows addresses of PostgreSQL, MySQL, MongoDB and http alone";
const HEADERS = "secretlint knows no header by itself, but tokens of vendors in it";
const KEYS = "secretlint asks for 100 characters of a key, and knows no encrypted one";

/** What only we find: why, and a text of the real form. */
const oursAlone: [reason: string, text: string][] = [
  [ADDRESSES, `redis://:${mixed(16)}@redis:6379/0`],
  [ADDRESSES, `amqp://shop:${mixed(16)}@rabbitmq:5672/`],
  ["secretlint takes an access key's id for public unless asked", made("AK", `IA${capitals(16)}`)],
  ["secretlint takes an access key's id for public unless asked", made("AS", `IA${capitals(16)}`)],
  [
    "secretlint knows Slack's incoming webhooks, and not those of workflows",
    made("https://hooks.slack", `.com/workflows/T${capitals(9)}/A${capitals(9)}/${digits}/${mixed(24)}`),
  ],
  [
    "secretlint knows Slack's incoming webhooks, and not those of workflows",
    made("https://hooks.slack", `.com/triggers/T${capitals(9)}/${digits}/${hex(32)}`),
  ],
  [KEYS, pem(edwards(), "pkcs8")],
  [KEYS, pem(curve(), "pkcs8", sealed)],
  [HEADERS, `Authorization: Bearer ${mixed(40)}`],
  [HEADERS, `Authorization: Basic ${Buffer.from(`shop:${mixed(16)}`).toString("base64")}`],
  ["secretlint has no rule for PagerDuty", `{"routing_key":"${hex(32)}"}`],
];

/** What only secretlint finds by its form, and the name under which a program reads it: by that we find it. */
const theirsAlone: [rule: string, name: string, value: string][] = [
  ["slack", "SLACK_APP_TOKEN", made("xapp", `-1-A0${capitals(9)}-${digits}-${hex(64)}`)],
  ["stripe", "STRIPE_SECRET_KEY", made("sk", `_test_${mixed(24)}`)],
  ["openai", "OPENAI_API_KEY", made("sk", `-${mixed(20)}T3Blbk`, `FJ${mixed(20)}`)],
  ["shopify", "SHOPIFY_ACCESS_TOKEN", made("shpat", `_${hex(32)}`)],
  ["linear", "LINEAR_API_KEY", made("lin", `_api_${mixed(40)}`)],
  ["hashicorp-vault", "VAULT_TOKEN", made("hvs", `.${mixed(95)}`)],
  ["grafana", "GRAFANA_TOKEN", made("glsa", `_${mixed(32)}_${hex(8)}`)],
  ["figma", "FIGMA_TOKEN", made("figd", `_${mixed(40)}`)],
  ["groq", "GROQ_API_KEY", made("gsk", `_${mixed(52)}`)],
  ["databricks", "DATABRICKS_TOKEN", made("dapi", hex(32))],
  ["docker", "DOCKER_TOKEN", made("dckr", `_pat_${mixed(27)}`)],
  ["vercel", "VERCEL_TOKEN", made("vcp", `_${mixed(56)}`)],
  ["cloudflare", "CLOUDFLARE_API_TOKEN", made("cfut", `_${mixed(40)}${hex(8)}`)],
];

/** What we do not find at all under its usual name, and why: known gaps, each of a vendor that no guide uses. */
const missedByUs: [rule: string, reason: string, name: string, value: string][] = [
  [
    "tailscale",
    "authkey ends with no name that we know, as monkey does not",
    "TS_AUTHKEY",
    made("tskey", `-auth-${mixed(12)}CNTRL-${mixed(32)}`),
  ],
  [
    "huggingface",
    "a token of letters alone looks like a name of something",
    "HF_TOKEN",
    made("hf", `_${mixed(99).replaceAll(/\d/g, "").slice(0, 34)}`),
  ],
];

/** Of the shortest texts that we take for a credential, how many of a kind secretlint passes over: it asks for more, or has no such rule. */
const passedOver = {
  // redis://, twice; jdbc, twice; a token in a query.
  url: 5,
  // It knows connections as URLs alone.
  connection: 4,
  webhook: 2,
  "aws-access-key": 2,
  // An incoming webhook's whole path, and a key of 100 characters with its last line.
  "slack-webhook": 3,
  "private-key": 4,
  authorization: 7,
  "pagerduty-key": 3,
  // github_pat_ with 82 characters, xox with its numbers, sk_live_ with 24 characters.
  // Google, Telegram and JSON web tokens; of others the shortest.
  "vendor-token": 14,
};

describe("secretlint's second opinion", () => {
  for (const [rule, text] of both) {
    it(`agrees by its rule ${rule}: ${text.slice(0, 12)}`, async () => {
      assert.notEqual(credentialIn(text), undefined);
      assert.deepEqual(await secondOpinion(text), [rule]);
    });
  }

  for (const [reason, text] of oursAlone) {
    it(`is missing: ${reason}: ${text.slice(0, 12)}`, async () => {
      assert.notEqual(credentialIn(text), undefined);
      assert.deepEqual(await secondOpinion(text), []);
    });
  }

  for (const [rule, name, value] of theirsAlone) {
    it(`finds by its form what we find by its name: ${name}, by its rule ${rule}`, async () => {
      assert.deepEqual(await secondOpinion(value), [rule]);
      assert.equal(credentialIn(value), undefined);
      assert.equal(namedCredential(name, value)?.kind, "named");
    });
  }

  for (const [rule, reason, name, value] of missedByUs) {
    it(`finds what we miss: ${name}, for ${reason}`, async () => {
      assert.deepEqual(await secondOpinion(value), [rule]);
      assert.equal(credentialIn(value), undefined);
      assert.equal(namedCredential(name, value), undefined);
    });
  }

  it("finds an AWS secret key by its name, as we do", async () => {
    assert.deepEqual(await secondOpinion(`AWS_SECRET_ACCESS_KEY=${mixed(40)}`), ["aws"]);
    assert.equal(namedCredential("AWS_SECRET_ACCESS_KEY", mixed(40))?.kind, "named");
  });

  it("passes over most of the shortest texts that we take for a credential", async () => {
    const missed: Record<string, number> = {};
    for (const [text, kind] of given) {
      if ((await secondOpinion(text)).length === 0) missed[kind] = (missed[kind] ?? 0) + 1;
    }
    assert.deepEqual(missed, passedOver);
  });

  it("takes two placeholders for passwords that we know as filled in", async () => {
    const found: string[] = [];
    for (const text of harmless) if ((await secondOpinion(text)).length > 0) found.push(text);
    const placeholders = ["<password>", "%(p)s"];
    assert.deepEqual(
      found,
      placeholders.map((placeholder) => `postgresql://shop:${placeholder}@postgresql`),
    );
  });
});
