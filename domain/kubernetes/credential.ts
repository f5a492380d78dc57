/** A recognized credential. */
export interface Finding {
  kind: string;
  /** For a fault: what the text holds. */
  words: string;
}

/** Starts a placeholder: $NAME, ${NAME}, $(NAME), {name}, {{ template }}, <placeholder>, %s, %(name)s, ***, __NAME__, replace-default-auth. */
const FILLED_IN = String.raw`[$<{]|%[s({]|\*{3}|__\w|[rR][eE][pP][lL][aA][cC][eE][-_]`;

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
  {
    kind: "url",
    words: "a URL with a password",
    form: new RegExp(
      String.raw`\b(?:jdbc:[a-z]|[a-z][a-z0-9+.-]{0,20}://)[^\s"'<>]{1,300}[?&;](?:password|passwd|pwd)=(?!${FILLED_IN})[^&;\s"'<>]{1,200}`,
      "i",
    ),
  },
  {
    kind: "url",
    words: "a URL with a token",
    form: /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>]{1,300}[?&](?:access_token|auth_token|api_?key|token|sig)=(?=[^&\s"'<>]{0,200}\d)[\w.~%+/=-]{8}/i,
  },
  {
    kind: "connection",
    words: "a connection with a password",
    // ADO and ODBC, libpq, and Go's MySQL driver.
    form: new RegExp(
      [
        String.raw`\b(?:server|data source|host|user id|uid|initial catalog|database)\s{0,3}=[^;\n"']{1,200};(?:[^\n"']{0,300};)?\s{0,3}(?:password|pwd)\s{0,3}=\s{0,3}(?!${FILLED_IN})[^;\s"']{1,200}`,
        String.raw`\b(?:host|user|dbname)=[^\s"']{1,100}\s(?:[^\n"']{0,300}\s)?password=(?!${FILLED_IN})[^\s"']{1,200}`,
        String.raw`\b[\w.-]{1,60}:(?!${FILLED_IN})[^\s@:/"'<>]{1,200}@(?:tcp|unix)\(`,
        String.raw`\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{20}`,
      ].join("|"),
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
    form: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{30}|glpat-[\w-]{20}|xox[abprs]-[\w-]{10}|[rs]k_live_\w{16})/,
  },
  {
    kind: "vendor-token",
    words: "a token",
    // Google, OpenAI and Anthropic, SendGrid, npm, PyPI, Telegram.
    form: /\b(?:AIza[\w-]{35}|sk-(?:proj|ant)-[\w-]{20}|SG\.[\w-]{22}\.[\w-]{43}|npm_[A-Za-z0-9]{36}|pypi-AgEIcHlwaS5vcmc[\w-]{16}|\d{8,10}:AA[\w-]{33})/,
  },
  {
    kind: "vendor-token",
    words: "a JSON web token",
    form: /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10}/,
  },
  {
    kind: "webhook",
    words: "a webhook",
    form: /\b(?:discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60}|[\w-]{1,60}\.webhook\.office\.com\/webhookb2\/[\w@-]{36})/,
  },
  {
    kind: "pagerduty-key",
    words: "a PagerDuty routing key",
    form: /\brouting_key\b["']?\s{0,5}[:=]\s{0,5}["']?[A-Za-z0-9]{32}\b/,
  },
];

/** A stack repeats most of its texts, such as labels, images and the programs of its jobs. */
const judged = new Map<string, Finding | undefined>();
const MOST_JUDGED = 10_000;

/** @returns the first credential in a text with a known form */
export function credentialIn(text: string): Finding | undefined {
  if (judged.has(text)) return judged.get(text);
  const found = forms.find(({ form }) => form.test(text));
  if (judged.size === MOST_JUDGED) judged.clear();
  judged.set(text, found);
  return found;
}

/** Names of values that are always secret, matched at their end: `PASSWORD_FILE`, `SECRETS_DIR` and `TOKEN_URL` do not match. */
const passwordName = new RegExp(
  [
    String.raw`(?:password|passwd|passphrase|(?:^|_)pwd)(?:_?\d{1,3}|_(?:db|database|user|admin|root|main|primary|replica|prod|production|staging|dev|old|new|value))?$`,
    "(?:secret|credentials|authorization|(?:secret|private)_(?:access_)?key|secret_key_base)$",
  ].join("|"),
);
/** `DB_PASS`, but no `BYPASS`, and no number of passes. */
const passName = /(?:^|_)(?:pg|db|my)?pass$/;
/** `SECRET_SALT`, but no name, place or kind of a secret. */
const secretName =
  /^secret_(?!\w*(?:names?|file|path|dir|ref|arn|id|url|uri|namespace|store|version|ttl|backend|type|manager|provider|engine|mount|keys?|format|prefix|rotation)$)\w/;
/** Names of values that may be secret, or a column, an object or a number. */
const keyName = /(?:^|_)(?:token|key|apikey)$|token$/;
/** Keys of a table, a cache, a queue or a lock, keys that are public, and names of keys and of clusters. */
const otherKey =
  /(?:^|_)(?:partition|sort|cache|primary|foreign|range|hash|index|object|message|group|public|publishable|kms|shard|idempotency|translation|row|lock|label|annotation)_key$|(?:^|_)cluster_token$/;
/** Names of Kubernetes Secrets, where the value may be one. */
const namesSecret =
  /(?:^|_)(?:pull|tls|ssl|ca|cert|certificate|serving|ingress|registry|docker|image|existing|ssh|password|credentials?|creds)_secret$/;
const objectName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
/** A Secret's name that says what the Secret holds, as in `BACKUP_SECRET=velero-creds`. */
const descriptiveName =
  /^[a-z][a-z0-9.-]{0,240}[.-](?:secrets?|creds?|credentials?|tls|certs?|certificate|auth|login|keys?|token|password)$/;

const named: Finding = { kind: "named", words: "a value whose name says that it is secret" };

/**
 * Whether a value is the credential that its name promises.
 *
 * @param name such as `PGPASSWORD`, `--api-key` or `Authorization`
 */
export function namedCredential(name: string, value: string): Finding | undefined {
  const [plain, content] = [snake(name), value.replace(/^(?:basic|bearer)\s+/i, "")];
  if (isHarmless(content) || refersToSecret(plain, content) || isSwitch(plain, content)) return undefined;
  const secret =
    passwordName.test(plain) ||
    (passName.test(plain) && !/^\d+$/.test(content)) ||
    (secretName.test(plain) && /^\S{8,}$/.test(content)) ||
    (keyName.test(plain) && isKey(plain, content));
  return secret ? named : undefined;
}

/** `MYSQL_ALLOW_EMPTY_PASSWORD=1` and `REQUIRE_PASSWORD=always` say whether there is a password. */
function isSwitch(name: string, value: string): boolean {
  return (
    /(?:^|_)(?:allow|empty|no|random|onetime|require|enable|disable|skip|force|generate|use|check|has|with)_/.test(
      name,
    ) && /^(?:0|1|y|n|enabled?|disabled?|always|never)$/i.test(value)
  );
}

function isKey(name: string, value: string): boolean {
  // Only PagerDuty's routing keys are secret, and have 32 characters.
  if (/(?:^|_)routing_key$/.test(name)) return /^[A-Za-z0-9]{32}$/.test(value);
  return !otherKey.test(name) && looksSecret(value);
}

function refersToSecret(name: string, value: string): boolean {
  if (namesSecret.test(name)) return objectName.test(value);
  if (/_secret$/.test(name)) return descriptiveName.test(value);
  return /(?:^|_)credentials$/.test(name) && /^(?:default|auto|in-cluster|instance-profile)$/.test(value);
}

/** Commands whose own options are credentials, as a person writes them in a backup's script. */
const commandForms: RegExp[] = [
  String.raw`\b(?:mysql\w{0,20}|mariadb[\w-]{0,20})\s(?:[^\n;&|]{0,300}\s)?["']?-p["']?(?!${FILLED_IN})[^\s"';&|]`,
  String.raw`\bredis-cli\s(?:[^\n;&|]{0,300}\s)?(?:-a|--pass)\s{1,5}["']?(?!${FILLED_IN}|-)[^\s"';&|]`,
  String.raw`\bcurl\s(?:[^\n;&|]{0,300}\s)?(?:-u|--user)[\s=]{0,5}["']?[^\s"':$]{1,100}:(?!${FILLED_IN})[^\s"']`,
  String.raw`\bcurl\s(?:[^\n;&|]{0,300}\s)?(?:-H|--header)[\s=]{0,5}["']?(?:(?:[xX]-)?[aA][pP][iI]-[kK]ey|[xX]-[aA]uth-[tT]oken|PRIVATE-TOKEN|[xX]-[vV]ault-[tT]oken)\s{0,3}:\s{0,3}(?!${FILLED_IN})[^\s"']{4}`,
  String.raw`\bmc\s(?:[^\n;&|]{0,100}\s)?(?:alias\s{1,3}set|config\s{1,3}host\s{1,3}add)\s{1,3}\S{1,60}\s{1,3}\S{1,200}\s{1,3}["']?(?!${FILLED_IN})[^\s"']{3,100}["']?\s{1,3}["']?(?!${FILLED_IN})[^\s"']{3}`,
].map((form) => new RegExp(form));

/** @param text a shell's text, or the words of a command with spaces between them */
export function commandCredential(text: string): Finding | undefined {
  const found = commandForms.some((form) => form.test(text));
  return found ? { kind: "command", words: "a password among a command's options" } : undefined;
}

/** A line of libpq's password file. */
const pgpass = new RegExp(
  String.raw`^[^\s:#]{1,200}:(?:\d{1,5}|\*):[^\s:]{1,100}:[^\s:]{1,100}:(?!${FILLED_IN})\S`,
  "m",
);
/** Files whose lines are credentials without a name: redis.conf, .npmrc, Docker's config.json. */
const fileForms: RegExp[] = [
  new RegExp(String.raw`^[ \t]{0,20}(?:requirepass|masterauth)[ \t]{1,20}(?!${FILLED_IN}|"")\S`, "m"),
  new RegExp(String.raw`:_(?:authToken|password|auth)\s{0,3}=\s{0,3}(?!${FILLED_IN})[^\s"']{8}`),
  /"auths"[\s\S]{0,2000}?"auth"\s{0,5}:\s{0,5}"[A-Za-z0-9+/]{8}/,
];

/** @param name the file's @param text its content */
export function fileCredential(name: string, text: string): Finding | undefined {
  const found = fileForms.some((form) => form.test(text)) || (/pgpass/.test(name) && pgpass.test(text));
  return found ? { kind: "file", words: "a password in a program's own format" } : undefined;
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
    // A form's label in a file of messages.
    if (/^[A-Z]/.test(plain) && plain.toLowerCase() === own) continue;
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
    /^(?:~?\/|\.{1,2}\/|file:|alias\/|arn:|https?:\/\/|ref\+|vault:|op:|bao:|ssm:|sm:\/\/|gcpsm:|awssm:|secretsmanager:|akv:|azurekeyvault@|projects\/\d+\/secrets\/|pk_(?:live|test)_)/.test(
      value,
    ) ||
    /^(?:\$[\w({]|\{\{|<[^>]*>$|%[s({]|\*+$)/.test(value)
  );
}

/** Of keys: a secret contains digits, and is not only a number or a path; base64 may contain slashes. */
function looksSecret(value: string): boolean {
  if (value.length < 8 || !/\d/.test(value) || /^\d+$/.test(value) || /\s/.test(value)) return false;
  if (!value.includes("/")) return true;
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value);
  return mixed && /^[A-Za-z0-9+/]{24,}={0,2}$/.test(value) && (/[+=]/.test(value) || value.length >= 40);
}

/** `apiKey`, `--api-key` and `API_KEY` are one name: `api_key`. */
function snake(name: string): string {
  return name
    .replace(/^-+/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
}
