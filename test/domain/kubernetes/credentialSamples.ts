// Put together here, so that no scanner takes this file for a leak.
const key = (begin: string, end: string) => `-----BEGIN ${begin}PRIVATE KEY${end}-----`;
const token = (kind: string, length: number) => kind + "a1".repeat(length).slice(0, length);
/** As a shell and a template fill it in; written out, it would look like a mistake here. */
const braced = (name: string) => ["$", "{", name, "}"].join("");

const PASSWORD = "hunter2";

const AUTHORIZATION = "authorization";
const KEY_ID = "aws-access-key";
const WEBHOOK = "slack-webhook";
const URL = "url";
const ROUTING = "pagerduty-key";
const slack = (rest: string) => ["https://hooks.slack", rest].join("");

/** Texts that give a credential away, the shortest that count, and its kind. */
export const given: [text: string, kind: string][] = [
  [`postgresql://shop:${PASSWORD}@postgresql:5432/orders`, URL],
  [`redis://:${PASSWORD}@redis`, URL],
  [`REDIS://:${PASSWORD}@redis`, URL],
  [`see ${token("AKIA", 16).toUpperCase()}.`, KEY_ID],
  [token("ASIA", 16).toUpperCase(), KEY_ID],
  [slack(".com/services/T0AAAAAA"), WEBHOOK],
  [slack("-gov.com/workflows/T0AA/AAA"), WEBHOOK],
  [slack(".com/triggers/T0AAAAAA"), WEBHOOK],
  [`${key("", "")}\n${token("", 16)}`, "private-key"],
  [`${key("RSA ", "")}\n\n${token("", 16)}`, "private-key"],
  [`${key("ENCRYPTED EC ", "")}\r\n${token("", 16)}`, "private-key"],
  [`${key("PGP ", " BLOCK")}\nVersion: 1\n\n${token("", 16)}`, "private-key"],
  ["Authorization: Bearer abcdefg1", AUTHORIZATION],
  ["authorization:bearer abcdefg=", AUTHORIZATION],
  ["'Authorization'  =  'Token  abcdeFgh'", AUTHORIZATION],
  ['"authorization", "Basic abcd+/.~-=12"', AUTHORIZATION],
  ["header(authorization, `token 12345678`)", AUTHORIZATION],
  ["Bearer abcdefghijklmno1", AUTHORIZATION],
  ["  basic  abc+/.~-_hijklm=\n", AUTHORIZATION],
  [`{"routing_key":"${token("", 32)}"}`, ROUTING],
  [`routing_key = ${token("", 32)}`, ROUTING],
  [`'routing_key'  :  '${token("", 32)}'`, ROUTING],
  ...["p", "o", "u", "s", "r"].map((kind): [string, string] => [token(`gh${kind}_`, 36), "vendor-token"]),
  [token("github_pat_", 30), "vendor-token"],
  [token("glpat-", 20), "vendor-token"],
  ...["a", "b", "p", "r", "s"].map((kind): [string, string] => [token(`xox${kind}-`, 10), "vendor-token"]),
  [token("sk_live_", 16), "vendor-token"],
];

/** Texts that give nothing away: filled in, too short, or part of a sentence. */
export const harmless: string[] = [
  "https://shop@example.com:8443/path?a=b@c",
  "http://shop:3000/users/@me",
  `://:${PASSWORD}@redis`,
  ...[
    "$PASSWORD",
    braced("PASSWORD"),
    "$(PASSWORD)",
    "{password}",
    "{{ password }}",
    "<password>",
    "%s",
    "%(p)s",
    "***",
  ].map((filled) => `postgresql://shop:${filled}@postgresql`),
  "postgresql://shop:@postgresql",
  "AKIAA",
  token("AKIA", 15).toUpperCase(),
  token("AKIA", 17).toUpperCase(),
  slack(".com/services/$SLACK_PATH"),
  slack(".com/services/T0AAAAA"),
  key("", ""),
  `${key("", "")}${token("", 16)}`,
  `${key("", "")}\n${token("", 15)}`,
  `${key("", "")}\n$KEY\n${token("", 16)}`,
  `${key("A B C ", "")}\n${token("", 16)}`,
  "authorization: basic authentication is off",
  "Authorization: Bearer abcdef1",
  "Authorization: Bearer $TOKEN1234",
  "Authorization: Digest abcdefg1",
  "Bearer abcdefghijklmn1",
  "Bearer abcdefghijklmnop",
  "see Bearer 0123456789abcdef",
  "Bearer 0123456789abcdef is refused",
  "routing_key=a",
  `routing_key: ${token("", 31)}`,
  `routing_key: ${token("", 33)}`,
  token("ghx_", 36),
  token("ghp_", 35),
  token("github_pat_", 29),
  token("glpat-", 19),
  token("xoxa-", 9),
  token("xoxz-", 10),
  token("sk_live_", 15),
];
