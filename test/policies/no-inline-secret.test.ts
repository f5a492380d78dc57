import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { noInlineSecret } from "../../policies/no-inline-secret.ts";
import { faultsOf, judge, texts, UNKNOWN, unknownIn } from "./judge.ts";
import { compliantCronJob, cronJobWith, POD } from "./manifests.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";

const FIRST = `${POD}.containers.0`;
const NAMED = `${POD}.containers[name=dump]`;

// Put together here, so that no scanner takes this file for a leak.
const accessKeyId = ["AKIA", "Q3EXAMPLE7ABCDEF"].join("");
const routingKey = "0123456789abcdef".repeat(2);
const webhook = ["https://hooks.slack.com", "services/T0AAAAAAA/B0AAAAAAA/xxxxxxxxxxxxxxxxxxxxxxxx"].join("/");
const privateKey = ["-----BEGIN RSA PRIVATE", "KEY-----\nMIIEpAIBAAKCAQEA7bq9\n-----END RSA PRIVATE KEY-----"].join(
  " ",
);
const vendorToken = ["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_");

/** A credential in clear text. */
const formed: [what: string, text: string][] = [
  ["a URL with a password", "postgresql://shop:correct-horse@postgresql:5432/orders"],
  ["a URL with a password alone", "see redis://:correct-horse@redis"],
  ["an AWS access key id", `id ${accessKeyId}`],
  ["a Slack webhook", webhook],
  ["a private key", privateKey],
  ["a private key in one line", privateKey.replaceAll("\n", "\\n")],
  ["a bearer token", "curl -H 'Authorization: Bearer abc.def.012345'"],
  ["a basic authorization", '{"authorization": "Basic dXNlcjpodW50ZXI="}'],
  ["a bare bearer token", "Bearer 0123456789abcdefghij"],
  ["a vendor's token", vendorToken],
  ["a PagerDuty routing key", `{"routing_key":"${routingKey}"}`],
];

const harmless: [what: string, text: string][] = [
  ["a URL without a password", "https://shop@example.com:8443/path?a=b@c"],
  ["a URL with a port and an at sign later", "http://shop:3000/users/@me"],
  ["a URL whose password is filled in", "postgresql://shop:$(PGPASSWORD)@postgresql redis://:$REDIS_PASSWORD@redis"],
  [
    "a URL whose password is a placeholder",
    "https://user:<password>@host https://u:{password}@h https://u:***@h mysql://%s:%s@h",
  ],
  ["a program that looks for a private key", "grep -q -- '-----BEGIN PRIVATE KEY-----' \"$file\""],
  ["a header that is filled in", 'curl -H "Authorization: Bearer $TOKEN" -H "authorization: Basic $basic"'],
  ["a sentence about authorization", "authorization: basic authentication is off; Bearer tokens are refused"],
  ["a webhook that is filled in", "https://hooks.slack.com/services/$SLACK_PATH"],
  ["a program that computes a password", 'PGPASSWORD="shop-$suffix" run; token=next1234; add("--password=" + secret)'],
  ["a routing key that is filled in", "jq --arg key \"$key\" '{routing_key: $key}'"],
];

const namedSecret: [name: string, value: string][] = [
  ["PGPASSWORD", "hunter2"],
  ["DB_PASSWORD", "12345678"],
  ["REDIS_PASSWD", "hunter2"],
  ["CLIENT_SECRET", "correct-horse"],
  ["API_TOKEN", "abcdef0123456789"],
  ["ROUTING_KEY", routingKey],
  ["DB_PASS", "hunter2"],
  ["PGPASS", "hunter2"],
  ["DB_PASSWORD_1", "hunter2"],
  ["PASSWORD_DB", "hunter2"],
  ["SECRET_KEY_BASE", "hunter2"],
  ["SECRET_BLAH", "secretsquirrels"],
  ["RANDOM_PASSWORD", "hunter2"],
  ["AZURE_STORAGE_KEY", `${"aB3/".repeat(10)}==`],
  ["AWS_SECRET_ACCESS_KEY", "wJalr/XUtnFEMI+K7MDENG/bPxRfiCYzEXAMPLE"],
];

const namedHarmless: [name: string, value: string][] = [
  ["PGPASSWORD", "$(OTHER)"],
  ["PGPASSWORD", ""],
  ["ALLOW_EMPTY_PASSWORD", "yes"],
  ["MYSQL_ALLOW_EMPTY_PASSWORD", "1"],
  ["MYSQL_RANDOM_ROOT_PASSWORD", "1"],
  ["REQUIRE_PASSWORD", "always"],
  ["PGPASSWORD_FILE", "/secrets/password"],
  ["POSTGRES_PASSWORD", "/secrets/password"],
  ["SECRETS_DIR", "secrets"],
  ["TOKEN_URL", "https://example.com/token"],
  ["KMS_KEY", "arn:aws:kms:eu-central-1:111111111111:key/1234"],
  ["SORT_KEY", "created_at"],
  ["KEY", "database/manifests/2025.json"],
  ["MAX_TOKEN", "16777216"],
  ["MONKEY", "abcdef0123456789"],
  ["IDENTITY", "abcdef0123456789"],
  ["IMAGE_PULL_SECRET", "registry-credentials"],
  ["TLS_SECRET", "shop-tls"],
  ["WEBHOOK_CA_SECRET", "cert-manager-webhook-ca"],
  ["CREDENTIALS_SECRET", "velero-creds"],
  ["BACKUP_SECRET", "velero-s3-credentials"],
  ["INITIAL_CLUSTER_TOKEN", "cluster0"],
  ["CREDENTIALS", "default"],
  ["SECRET_NAME", "shop-credentials"],
  ["SECRET_ROTATION", "30-days-1"],
  ["BYPASS", "hunter2"],
  ["PASS", "12"],
  ["PASSWORD_POLICY", "strict-1"],
  ["PARTITION_KEY", "tenant_id_2"],
  ["CACHE_KEY", "orders-v2"],
  ["ROUTING_KEY", "orders.created.v2"],
  ["KMS_KEY", "1234abcd-12ab-34cd-56ef-1234567890ab"],
  ["STRIPE_KEY", ["pk", "live", "0123456789abcdef"].join("_")],
  ["DB_PASSWORD", "ssm:///shop/database/password"],
  ["DB_PASSWORD", "projects/1/secrets/password"],
  ["DB_PASSWORD", "azurekeyvault@shop"],
];

const inEnvironment = (name: string, value: unknown) => cronJobWith(`${FIRST}.env`, [{ name, value }]);
const inCommand = (...words: string[]) => cronJobWith(`${FIRST}.command`, words);
const inConfigMap = (key: string, text: unknown) => ({ metadata: { name: "settings" }, data: { [key]: text } });
const judged = (type: string, props: object) => faultsOf(noInlineSecret, type, props);

/** Where the one credential is that is found, which no text shows. */
function only(type: string, props: object, credential: string): string {
  const [fault, ...rest] = judged(type, props);
  assert.deepEqual(rest, []);
  assert.equal(fault?.code, "inline-credential");
  const said = texts(noInlineSecret, type, props);
  assert.ok(!said.includes(credential), said);
  return fault.path;
}

describe("the policy no-inline-secret", () => {
  for (const [what, text] of formed) {
    it(`refuses ${what}, at every path, and never shows it`, () => {
      const places: [type: string, props: object, path: string][] = [
        [CRONJOB, inEnvironment("NOTE", text), `${NAMED}.env[name=NOTE].value`],
        [CRONJOB, inCommand("bash", "-c", text), `${NAMED}.command[2]`],
        [CRONJOB, cronJobWith(`${FIRST}.args`, [text]), `${NAMED}.args[0]`],
        [CRONJOB, set(compliantCronJob(), "metadata.annotations", { note: text }), 'metadata.annotations["note"]'],
        [CONFIG_MAP, inConfigMap("settings.yaml", text), 'data["settings.yaml"]'],
        [SECRET, { stringData: { "alertmanager.yaml": text } }, 'stringData["alertmanager.yaml"]'],
        [SECRET, { data: { "alertmanager.yaml": btoa(text) } }, 'data["alertmanager.yaml"]'],
        [
          "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
          { spec: { receivers: [{ name: "team", webhookConfigs: [{ url: text }] }] } },
          "spec.receivers[name=team].webhookConfigs[0].url",
        ],
      ];
      for (const [type, props, path] of places) {
        assert.equal(only(type, props, text), path);
      }
    });
  }

  for (const [what, text] of harmless) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(judged(CRONJOB, inEnvironment("NOTE", text)), []);
      assert.deepEqual(judged(CRONJOB, inCommand("bash", "-c", text)), []);
      assert.deepEqual(judged(CONFIG_MAP, inConfigMap("settings.yaml", text)), []);
    });
  }

  for (const [name, value] of namedSecret) {
    it(`refuses a literal ${name}: variable, flag, assignment, entry`, () => {
      const flag = `--${name.toLowerCase().replaceAll("_", "-")}`;
      const places: [type: string, props: object, path: string][] = [
        [CRONJOB, inEnvironment(name, value), `${NAMED}.env[name=${name}].value`],
        [CRONJOB, inCommand("run", flag, value), `${NAMED}.command[2]`],
        [CRONJOB, inCommand("run", `${flag}=${value}`), `${NAMED}.command[1]`],
        [CRONJOB, inCommand("bash", "-c", `set -e\nexport ${name}='${value}'\nrun`), `${NAMED}.command[2]`],
        [CONFIG_MAP, inConfigMap(name, value), `data.${name}`],
        [CONFIG_MAP, inConfigMap("run.sh", `${name}=${value} run`), 'data["run.sh"]'],
      ];
      for (const [type, props, path] of places) {
        assert.equal(only(type, props, value), path);
      }
    });
  }

  for (const [name, value] of namedHarmless) {
    it(`accepts ${name} as "${value}"`, () => {
      assert.deepEqual(judged(CRONJOB, inEnvironment(name, value)), []);
      assert.deepEqual(judged(CRONJOB, inCommand("bash", "-c", `${name}=${value} run --${name}="${value}"`)), []);
      assert.deepEqual(judged(CONFIG_MAP, inConfigMap(name, value)), []);
    });
  }

  it("accepts a variable that refers to a Secret", () => {
    const variable = { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "credentials", key: "password" } } };
    assert.deepEqual(judged(CRONJOB, cronJobWith(`${FIRST}.env`, [variable])), []);
  });

  it("reports a password once that its name and its form both give away", () => {
    const [, url = ""] = formed[0] ?? [];
    assert.equal(only(CRONJOB, inEnvironment("DB_PASSWORD", url), url), `${NAMED}.env[name=DB_PASSWORD].value`);
    assert.equal(only(CRONJOB, inCommand("run", "--db-password", url), url), `${NAMED}.command[2]`);
  });

  it("accepts a header that is filled in", () => {
    const probe = { httpGet: { httpHeaders: [{ name: "Authorization", value: "Basic $(CREDENTIALS)" }] } };
    assert.deepEqual(judged(CRONJOB, cronJobWith(`${FIRST}.livenessProbe`, probe)), []);
  });

  it("refuses a header that a probe sends, and a hook's command", () => {
    const probe = { httpGet: { httpHeaders: [{ name: "Authorization", value: "Basic hunter" }] } };
    assert.equal(
      only(CRONJOB, cronJobWith(`${FIRST}.livenessProbe`, probe), "Basic hunter"),
      `${NAMED}.livenessProbe.httpGet.httpHeaders[name=Authorization].value`,
    );
    const hook = { preStop: { exec: { command: ["logout", "--password=hunter2"] } } };
    assert.equal(
      only(CRONJOB, cronJobWith(`${FIRST}.lifecycle`, hook), "hunter2"),
      `${NAMED}.lifecycle.preStop.exec.command[1]`,
    );
  });

  const commands: [words: string[], at: number][] = [
    [["mysqldump", "-ushop", "-phunter2", "orders"], 2],
    [["redis-cli", "-h", "cache", "-a", "hunter2"], 4],
    [["curl", "-fsS", "-u", "shop:hunter2", "https://example.com"], 3],
    [["curl", "-H", "X-Api-Key: hunter2", "https://example.com"], 2],
    [["mc", "alias", "set", "backups", "https://s3.example.com", "shopkey", "hunter2"], 6],
  ];
  for (const [words, at] of commands) {
    it(`refuses a password among a command's options: ${words[0]} ${words[1]}`, () => {
      assert.equal(only(CRONJOB, inCommand(...words), "hunter2"), `${NAMED}.command[${at}]`);
      const shell = words.map((word) => (word.includes(" ") ? `'${word}'` : word)).join(" ");
      assert.equal(only(CRONJOB, inCommand("sh", "-c", `set -e; ${shell}`), "hunter2"), `${NAMED}.command[2]`);
      assert.equal(only(CONFIG_MAP, inConfigMap("run.sh", shell), "hunter2"), 'data["run.sh"]');
      const [program, ...args] = words;
      const split = cronJobWith(FIRST, { name: "dump", command: [program], args });
      assert.equal(only(CRONJOB, split, "hunter2"), `${NAMED}.args[${at - 1}]`);
    });
  }

  it("accepts options that are filled in, that ask, or that mean something else", () => {
    for (const text of [
      "mysqldump -p orders",
      'mysqldump -P3306 -p"$MYSQL_PASSWORD" orders',
      "redis-cli -a $REDIS_PASSWORD ping",
      'curl -u "$USER:$PASSWORD" -u shop:$PASSWORD https://example.com',
      "curl -H 'X-Api-Key: $KEY' https://example.com",
      'mc alias set backups https://s3.example.com "$KEY" "$SECRET"',
      "mkdir -phunter2",
    ]) {
      assert.deepEqual(judged(CRONJOB, inCommand("sh", "-c", text)), [], text);
      assert.deepEqual(judged(CRONJOB, inCommand(...text.split(" "))), [], text);
    }
  });

  const files: [entry: string, text: string][] = [
    [".pgpass", "db:5432:orders:shop:hunter2\n"],
    ["redis.conf", "port 6379\nrequirepass hunter2\n"],
    [".npmrc", "//registry.example.com/:_authToken=hunter2hunter2\n"],
    [".dockerconfigjson", '{"auths":{"registry.example.com":{"auth":"c2hvcDpodW50ZXIy"}}}'],
  ];
  for (const [entry, text] of files) {
    it(`refuses a password in a program's own format: ${entry}`, () => {
      assert.equal(only(CONFIG_MAP, inConfigMap(entry, text), text), `data["${entry}"]`);
      const binary = { binaryData: { [entry]: btoa(text) } };
      assert.equal(only(CONFIG_MAP, binary, btoa(text)), `binaryData["${entry}"]`);
    });
  }

  it("accepts such a file that is filled in", () => {
    for (const [entry, text] of [
      ["redis.conf", "requirepass $REDIS_PASSWORD\n"],
      ["redis.conf", "requirepass replace-default-auth\nmasterauth __REDIS_PASSWORD__\n"],
      [".npmrc", ["//registry.example.com/:_authToken=$", "{NPM_TOKEN}\n"].join("")],
      ["hosts", "a:1:b:c:d\n"],
    ] as const) {
      assert.deepEqual(judged(CONFIG_MAP, inConfigMap(entry, text)), [], text);
    }
  });

  it("refuses a password in a chart's values, but not the name of a Secret", () => {
    for (const type of ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"]) {
      const release = (auth: object) => ({ chart: "postgresql", values: { auth } });
      assert.equal(only(type, release({ postgresPassword: "hunter2" }), "hunter2"), "values.auth.postgresPassword");
      assert.deepEqual(judged(type, release({ existingSecret: "shop-credentials", secretName: "shop" })), []);
    }
  });

  it("refuses a password in kubectl's copy of the object", () => {
    const applied = JSON.stringify(inEnvironment("PGPASSWORD", "hunter2"));
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": applied };
    const path = 'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]';
    assert.equal(only(CRONJOB, set(compliantCronJob(), "metadata.annotations", annotations), "hunter2"), path);
    const harmless = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(compliantCronJob()) };
    assert.deepEqual(judged(CRONJOB, set(compliantCronJob(), "metadata.annotations", harmless)), []);
  });

  it("accepts a form's label, and not the same word as a password", () => {
    assert.deepEqual(judged(CONFIG_MAP, inConfigMap("messages.properties", "login.password=Password\n")), []);
    assert.equal(judged(CONFIG_MAP, inConfigMap("app.properties", "login.password=password\n")).length, 1);
  });

  it("prints no variable's name that is a credential itself", () => {
    const job = cronJobWith(`${FIRST}.env`, [{ name: accessKeyId, value: "Basic 0123456789abcdef=" }]);
    assert.ok(!texts(noInlineSecret, CRONJOB, job).includes(accessKeyId));
  });

  const configurations: [refuses: string, text: string][] = [
    ["YAML", "database:\n  password: hunter2\n"],
    ["a list in YAML", "users:\n  - password: 'hunter2'\n"],
    ["JSON in one line", '{"database":{"user":"shop","password":"hunter2"}}'],
    ["camel case", "clientSecret: correct-horse\n"],
    ["properties", "user=shop\nspring.datasource=x\ndb_password=hunter2\n"],
    ["a key that looks secret", "pagerduty:\n  routing_key: R0UT1NGKEY\n"],
  ];
  for (const [refuses, text] of configurations) {
    it(`refuses a password in a configuration file: ${refuses}`, () =>
      assert.equal(only(CONFIG_MAP, inConfigMap("settings.conf", text), text), 'data["settings.conf"]'));
  }

  const harmlessConfigurations: [accepts: string, text: string][] = [
    ["a path", "password_file: /secrets/password\npassword: /secrets/password\n"],
    ["what is filled in", "password: $(DB_PASSWORD)\ntoken: '{{ .Token }}'\nauth_password: <secret>\n"],
    ["nothing", "password: ''\npassword:\n  file: x\ntoken: null\n"],
    [
      "a reference to a Secret",
      "existingSecret: shop-credentials\nsecretName: shop\nsecretKeyRef: { name: a, key: b }\n",
    ],
    ["a queue's routing key", "routing_key: orders.created\n"],
    ["a switch", "password: true\nlimit: { token: 4096 }\n"],
  ];
  for (const [accepts, text] of harmlessConfigurations) {
    it(`accepts in a configuration file ${accepts}`, () => {
      assert.deepEqual(judged(CONFIG_MAP, inConfigMap("settings.yaml", text)), []);
    });
  }

  it("refuses each literal key in Alertmanager's configuration, and leaves the files that it names alone", () => {
    const configuration = (line: string) => ({
      stringData: { "alertmanager.yaml": `receivers:\n  - name: team\n    pagerduty_configs:\n      - ${line}\n` },
    });
    for (const line of ["routing_key: abc", "smtp_auth_password: hunter2"]) {
      assert.equal(only(SECRET, configuration(line), line), 'stringData["alertmanager.yaml"]');
    }
    assert.deepEqual(judged(SECRET, configuration("routing_key_file: /etc/alertmanager/secrets/a/key")), []);
  });

  it("leaves alone what a Secret holds beside Alertmanager's configuration", () => {
    assert.deepEqual(judged(SECRET, { stringData: { password: "hunter2", url: formed[0]?.[1] } }), []);
  });

  for (const file of globSync("programs/**/*", { withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = `${file.parentPath}/${file.name}`;
    it(`accepts our own program ${path}`, () => {
      const text = readFileSync(path, "utf8");
      assert.deepEqual(judged(CRONJOB, inCommand("bash", "-c", text)), []);
      assert.deepEqual(judged(CONFIG_MAP, inConfigMap(file.name, text)), []);
    });
  }

  it("judges every other text when one is not known yet, and names that one", () => {
    const job = inEnvironment("PGPASSWORD", UNKNOWN);
    set(job, `${FIRST}.command`, ["run", UNKNOWN, "--password", "hunter2"]);
    set(job, `${FIRST}.image`, UNKNOWN);
    set(job, `${POD}.initContainers.0.volumeMounts`, UNKNOWN);
    const verdicts = judge(noInlineSecret, CRONJOB, job);
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.equal(verdicts[0]?.faults?.[0]?.path, `${NAMED}.command[3]`);
    // No credential is in an image or a volume mount.
    assert.deepEqual(unknownIn(verdicts).sort(), [
      `${POD}.containers[0].command[1]`,
      `${POD}.containers[0].env[0].value`,
    ]);
  });

  it("names what is not known yet and may hold a place for a credential", () => {
    for (const path of ["spec", `${POD}.containers`, `${POD}.containers.0`, `${FIRST}.args`, "metadata.annotations"]) {
      const [verdict, ...rest] = judge(noInlineSecret, CRONJOB, cronJobWith(path, UNKNOWN));
      assert.deepEqual(rest, []);
      assert.equal(verdict?.enforcementLevel, "advisory");
    }
    assert.equal(judge(noInlineSecret, CONFIG_MAP, inConfigMap("a", UNKNOWN)).length, 1);
    assert.equal(judge(noInlineSecret, SECRET, { stringData: UNKNOWN }).length, 1);
  });

  it("says nothing of a role's ARN that is not known yet: it is no secret", () => {
    const annotations = { "eks.amazonaws.com/role-arn": UNKNOWN };
    assert.deepEqual(judge(noInlineSecret, "kubernetes:core/v1:ServiceAccount", { metadata: { annotations } }), []);
  });

  it("is not undone by a value of the wrong shape, and shows none of it", () => {
    const secret = "correct horse battery staple";
    for (const value of [secret, 7, null, [secret], [[secret]], { secret }]) {
      for (const path of ["spec", "metadata", "metadata.annotations", `${POD}.containers`, `${FIRST}.env`]) {
        const job = set(cronJobWith(path, value), "more.env", [{ name: "PGPASSWORD", value: "hunter2" }]);
        const paths = judged(CRONJOB, job).map(({ path }) => path);
        assert.ok(paths.includes("more.env[name=PGPASSWORD].value"), paths.join("\n"));
        const said = texts(noInlineSecret, CRONJOB, job);
        assert.ok(!said.includes(secret), said);
      }
    }
    const odd = { data: { "alertmanager.yaml": "?" }, metadata: { annotations: "text" } };
    assert.deepEqual(judge(noInlineSecret, SECRET, odd), [], "invalid base64 is no bug of the policy");
  });

  it("judges no other provider's resource", () => {
    assert.deepEqual(judged("aws:s3/bucketObject:BucketObject", inConfigMap("a", formed[0]?.[1])), []);
  });
});
