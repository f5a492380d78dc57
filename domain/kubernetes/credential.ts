/** A recognized credential. */
export interface Finding {
  kind: string;
  /** For a fault: what the text holds. */
  words: string;
}

/** Starts a placeholder: $NAME, ${NAME}, $(NAME), {name}, {{ template }}, <placeholder>, %s, %(name)s, ***. */
const FILLED_IN = String.raw`[$<{]|%[s({]|\*{3}`;

/** Credentials with a known form, anywhere in a text. Each part is bounded: a long text is read once. */
const forms: (Finding & { form: RegExp })[] = [
  {
    kind: "url",
    words: "a URL with a password",
    form: new RegExp(
      String.raw`\b[a-z][a-z0-9+.-]{0,20}://[^\s/?#:@"'<>]{0,100}:(?!${FILLED_IN})[^\s/?#@"'<>]{1,200}@`,
      "i",
    ),
  },
  { kind: "aws-access-key", words: "an AWS access key id", form: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  {
    kind: "slack-webhook",
    words: "a Slack webhook",
    form: /\bhooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{8}/,
  },
  {
    kind: "private-key",
    words: "a private key",
    // With part of the key after it: a program may search for the line alone.
    form: /-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----[^$]{1,200}?[A-Za-z0-9+/]{16}/,
  },
  {
    kind: "authorization",
    words: "an authorization header",
    // Inner capitals, digits or padding: not a word of a sentence.
    form: /\b[Aa]uthorization\b["']?\s{0,5}[:=,]\s{0,5}["'`]?(?:[Bb]earer|[Bb]asic|[Tt]oken)\s{1,5}(?=\S{0,200}(?:\d|=|[a-z][A-Z]))[\w+/=.~-]{8}/,
  },
  {
    kind: "authorization",
    words: "an authorization header",
    form: /^\s{0,5}(?:bearer|basic)\s{1,5}(?=\S{0,200}(?:\d|=))[\w+/=.~-]{16,}\s*$/i,
  },
  {
    kind: "vendor-token",
    words: "a token",
    form: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{30}|glpat-[\w-]{20}|xox[abprs]-[\w-]{10}|sk_live_\w{16})/,
  },
  {
    kind: "pagerduty-key",
    words: "a PagerDuty routing key",
    form: /\brouting_key\b["']?\s{0,5}[:=]\s{0,5}["']?[A-Za-z0-9]{32}\b/,
  },
];

/** @returns the first credential in a text with a known form */
export function credentialIn(text: string): Finding | undefined {
  return forms.find(({ form }) => form.test(text));
}

/** Names of values that are always secret, matched at their end: `PASSWORD_FILE`, `SECRETS_DIR` and `TOKEN_URL` do not match. */
const passwordName =
  /(?:password|passwd|passphrase|(?:^|_)pwd|secret|credentials|authorization|(?:secret|private)_(?:access_)?key)$/;
/** Names of values that may be secret, or a column, an object or a number. */
const keyName = /(?:^|_)(?:token|key|apikey)$|token$/;

const named: Finding = { kind: "named", words: "a value whose name says that it is secret" };

/**
 * Whether a value is the credential that its name promises.
 *
 * @param name such as `PGPASSWORD`, `--api-key` or `Authorization`
 */
export function namedCredential(name: string, value: string): Finding | undefined {
  const [plain, content] = [snake(name), value.replace(/^(?:basic|bearer)\s+/i, "")];
  if (isHarmless(content)) return undefined;
  return passwordName.test(plain) || (keyName.test(plain) && looksSecret(content)) ? named : undefined;
}

/** @returns the first credential among the assignments and flags of a command's text, such as `PGPASSWORD=…` or `--password=…` */
export function assignedCredential(text: string): Finding | undefined {
  for (const [, before, name = "", value = ""] of text.matchAll(assignments)) {
    // Names in small letters are a program's own variables, and hold what it computes; a closing quote is not a value.
    if ((!name.startsWith("--") && name !== name.toUpperCase()) || before === value[0] || value.includes("$")) continue;
    const found = namedCredential(name, value.replace(/^["']|["']$/g, ""));
    if (found) return found;
  }
  return undefined;
}

const assignments =
  /(^|[\s;&|("'`])((?:--)?[A-Za-z][A-Za-z0-9_-]{0,60})=("[^"\n]{0,200}"?|'[^'\n]{0,200}'?|[^\s"';&|)`]{1,200})/g;

/**
 * @param text a configuration file: YAML, JSON or name=value
 * @param keys whether a key's value is always one: a `routing_key` is secret for PagerDuty and not for a queue
 * @returns the first credential under a secret's name
 */
export function configuredCredential(text: string, keys: "always" | "where it looks so"): Finding | undefined {
  for (const [, name = "", value = ""] of text.matchAll(settings)) {
    const plain = value.replace(/^["']/, "").trim();
    if (isHarmless(plain)) continue;
    // Properties include their path: `spring.datasource.password`.
    const own = snake(name.slice(name.lastIndexOf(".") + 1));
    if (settingName.test(own) || (settingKeyName.test(own) && (keys === "always" || looksSecret(plain)))) {
      return { kind: "setting", words: `a literal ${own}` };
    }
  }
  return undefined;
}

const settings =
  /(?:^|[\n{,])[ \t]{0,80}(?:- )?["']?([A-Za-z][\w.-]{0,60})["']?[ \t]{0,5}[:=][ \t]{0,5}("[^"\n]{1,200}|'[^'\n]{1,200}|[^\s"'#,{}[\]|>&*!][^\n#,}]{0,200})/g;
const settingName = /^(?:\w{1,40}_)?(?:password|passwd|passphrase|(?:api|auth|client)_secret|secret_(?:access_)?key)$/;
const settingKeyName = /^(?:\w{1,40}_)?(?:(?:api|routing|service|integration|private|user)_key|token|credentials)$/;

/** Values under a secret's name that are not secrets: empty ones, switches, paths, addresses, placeholders. */
function isHarmless(value: string): boolean {
  return (
    value.trim() === "" ||
    /^(?:true|false|yes|no|on|off|null|none|required|optional|prompt)$/i.test(value) ||
    /^(?:~?\/|\.{1,2}\/|file:|alias\/|arn:|https?:\/\/|ref\+|vault:|op:)/.test(value) ||
    /^(?:\$[\w({]|\{\{|<[^>]*>$|%[s({]|\*+$)/.test(value)
  );
}

/** Of keys: a secret contains digits, and is not only a number or a path. */
function looksSecret(value: string): boolean {
  return value.length >= 8 && /\d/.test(value) && !/^\d+$/.test(value) && !/[/\s]/.test(value);
}

/** `apiKey`, `--api-key` and `API_KEY` are one name: `api_key`. */
function snake(name: string): string {
  return name
    .replace(/^-+/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
}
