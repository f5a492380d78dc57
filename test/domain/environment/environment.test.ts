import assert from "node:assert/strict";
import { parseEnvironment, stackEnvironment } from "../../../domain/environment/environment.ts";
import { DeclarationError, type Fault } from "../../../domain/values/fault.ts";
import { set } from "../../policies/set.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";
import { refusal, refused } from "../../support/refused.ts";

const prod = settingsOf("prod");

/** The faults of prod with these settings instead of its own. */
const faultsOf = (changes: Record<string, unknown>) => refusal(() => parseEnvironment("prod", { ...prod, ...changes }));
/** A fault's path. */
const at = (setting: string) => `upkeep:${setting} in Pulumi.prod.yaml`;

describe("an environment", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`is read from Pulumi.${stack}.yaml`, () => assert.equal(environmentOf(stack).name, stack));
  }

  it("names a missing key", () =>
    assert.deepEqual(refused(faultsOf({ aws: { account: "111111111111" } })), [["missing", at("aws.region")]]));

  it("names an unknown key", () =>
    assert.deepEqual(refused(faultsOf({ bakups: {} })), [["unknown-key", at("bakups")]]));

  it("wants the name of a receiver's Secret, never what is in it", () => {
    const { alerting } = prod as { alerting: object };
    const refusedOf = (receiver: object) =>
      refused(faultsOf({ alerting: { ...alerting, receivers: { default: receiver } } }));
    assert.deepEqual(refusedOf({ pagerduty: { key: "pagerduty-routing-key" } }), [
      ["missing", at("alerting.receivers.default.pagerduty.secret")],
    ]);
    assert.deepEqual(refusedOf({ statusPage: { secret: "alert-receivers" } }), [
      ["missing", at("alerting.receivers.default.statusPage.key")],
    ]);
  });

  describe("with a mail server", () => {
    const { alerting } = prod as { alerting: object };
    const mail = { to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:25" };
    const refusedOf = (login: object) => {
      const receivers = { default: { email: { ...mail, ...login } } };
      return refused(faultsOf({ alerting: { ...alerting, receivers } }));
    };
    const half = [["not-allowed", at("alerting.receivers.default.email")]];

    it("refuses half a login", () => {
      assert.deepEqual(refusedOf({ username: "upkeep" }), half);
      assert.deepEqual(refusedOf({ secret: "alert-receivers", key: "smtp-password" }), half);
      assert.deepEqual(refusedOf({ username: "upkeep", secret: "alert-receivers" }), half);
    });

    it("takes a whole one, or none, and wants TLS", () => {
      for (const login of [{}, { username: "upkeep", secret: "alert-receivers", key: "smtp-password" }]) {
        const receivers = { default: { email: { ...mail, ...login } } };
        const { email } =
          environmentOf("prod", { alerting: { ...alerting, receivers } }).alerting.receivers.default ?? {};
        assert.deepEqual(email, { ...mail, ...login, tls: true, pager: false });
      }
    });
  });

  it("knows channels of Slack by name and by id, and no other", () => {
    const { alerting } = prod as { alerting: object };
    const slackOf = (channel: string) => ({
      alerting: {
        ...alerting,
        receivers: { default: { slack: { secret: "alert-receivers", key: "slack-url", channel } } },
      },
    });
    for (const channel of ["#alerts", "C024BE91L", "G012AC86C"]) environmentOf("prod", slackOf(channel));
    for (const channel of ["alerts", "#", "c024be91l", "C02"]) {
      assert.deepEqual(refused(faultsOf(slackOf(channel))), [
        ["not-allowed", at("alerting.receivers.default.slack.channel")],
      ]);
    }
  });

  it("shares its Alertmanager unless it says otherwise", () => {
    const { owner: _, ...alerting } = (prod as { alerting: { owner: string } }).alerting;
    assert.equal(environmentOf("prod", { alerting }).alerting.owner, "shared");
  });

  it("refuses in words of its own, whatever is put anywhere", () => {
    const paths = (value: unknown, at: string[] = []): string[][] =>
      typeof value === "object" && value !== null
        ? [at, ...Object.entries(value).flatMap(([key, one]) => paths(one, [...at, key]))]
        : [at];
    const anyFaults = (changed: Record<string, unknown>) => {
      try {
        parseEnvironment("prod", changed);
      } catch (error) {
        if (error instanceof DeclarationError) return error.faults;
        throw error;
      }
      return [];
    };
    const wrong = [undefined, null, 7, -1, true, "", "wrong here", [], [7], {}, { unknown: { deep: 1 } }];
    for (const [first, ...rest] of paths(prod)) {
      if (first === undefined) continue;
      for (const value of wrong) {
        const changed = set(structuredClone(prod), [first, ...rest].join("."), value);
        for (const { path, allowed, fix } of anyFaults(changed)) {
          assert.doesNotMatch(
            `${allowed} ${fix}`,
            /invalid|expected|received|unrecognized|undefined|unknown key/i,
            path,
          );
        }
      }
    }
  });

  it("lists everything that is wrong at once", () => {
    assert.deepEqual(refused(faultsOf({ services: "shop", kubernetes: {} })), [
      ["not-allowed", at("services")],
      ["missing", at("kubernetes.context")],
    ]);
  });
});

describe("a setting of an environment", () => {
  /** The settings of prod with one of them changed, undefined removing. */
  const settingsWith = (path: string, value: unknown) => set(structuredClone(prod), path, value);
  const parsed = (path: string, value: unknown) => parseEnvironment("prod", settingsWith(path, value));

  /** Asserts that a value is refused for this alone; what is there is computed, so it is judged too. */
  function refuses(path: string, value: unknown, place: string, got: string | undefined): void {
    const faults = refusal(() => parsed(path, value));
    assert.deepEqual(
      faults.map(({ code, path, got }) => [code, path, got]),
      [[got === undefined ? "missing" : "not-allowed", at(place), got]],
    );
  }

  const email = "alerting.receivers.default.email";
  const forms: [path: string, good: unknown[], bad: unknown[]][] = [
    ["aws.account", ["012345678901"], ["12345678901", "a123456789012", "12345678901a"]],
    ["aws.region", ["us-gov-west-1", "eu-west-3", "eusc-de-east-1"], ["deu-west-1", "eu-west", "eu-1", "eu-west-1a"]],
    ["aws.profile", ["second"], ["", 7]],
    ["aws.iam.path", ["/", "/a/", "/a/b_+=,.@-c/"], ["", "a/", "/a", "//", "/a b/", 7]],
    [
      "aws.iam.permissionsBoundary",
      [
        "arn:aws:iam::111111111111:policy/a/b_+=,.@-c",
        "arn:aws:iam::aws:policy/a",
        "arn:aws-cn:iam::111111111111:policy/a",
      ],
      ["see arn:aws:iam::111111111111:policy/a", "arn:aws:iam::1:policy/a", "arn:aws:iam::111111111111:role/a"],
    ],
    ["aws.tags", [{}, { "cost-center": "1234", "a b:/=+@._": "" }], [7]],
    ["backups.replica.profile", ["second"], ["", 7]],
    ["services", [["shop"], ["a", "b"], []], ["shop"]],
    ["services.0", ["shop"], ["", 7]],
    ["kubernetes.context", ["prod"], ["", 7]],
    ["kubernetes.kubeconfig", ["/home/a/.kube/config"], ["", 7]],
    ["dns.namespace", ["dns"], ["", 7]],
    ["dns.port", [5353], [0, "53"]],
    ["dns.podLabels", [{ "k8s-app": "kube-dns" }], [7]],
    ["images.registry", ["registry.example.com:5000/a_b-c/d"], ["registry example.com", " registry.example.com"]],
    ["differs.namespaces.shop", ["a", "0"], ["-a", "A", "a.b"]],
    ["differs.sizes.shop/main", ["1Ki", "3Gi", "4Ti"], ["Gi", "1GiB", "1G"]],
    ["differs.recipients.shop/main", ["age1abc"], ["xage1abc", "age"]],
    ["features.blackboxExporter", ["a:1", "b_c.d-e:9115"], [" a:1", "a:", ":1", "http://a:1"]],
    ["backups.buckets.shop.name", ["acme-backups", "a.b"], ["", "A", "a", "-ab", "a".repeat(64)]],
    ["backups.certificateAuthority", ["ca"], ["", 7]],
    [
      "backups.deployRole",
      ["arn:aws:iam::111111111111:role/a/b_+=,.@-c", "arn:aws-us-gov:iam::111111111111:role/a"],
      ["see arn:aws:iam::111111111111:role/a", "arn:aws:iam::1:role/a", "arn:aws:iam::111111111111:role/"],
    ],
    ["monitoring.ruleLabels", [{}, { a: "b" }], [7]],
    ["monitoring.probeLabels", [{}, { a: "b" }], [7]],
    ["monitoring.alertmanagerConfigLabels", [{}, { a: "b" }], [7]],
    ["monitoring.dashboardLabels", [{}, { a: "b" }], [7]],
    ["monitoring.retention", ["90s", "3h", "40d", "5w"], ["x1d", "d", "1y", "1.5", "0d"]],
    ["monitoring.scrapeInterval", ["15s", "3h", "40d", "5w"], ["x1d", "d", "1y"]],
    ["monitoring.alertmanagers", [["http://a:9093", "https://b:9093"]], [[]]],
    ["alerting.owner", ["upkeep", "shared"], ["both", ""]],
    ["alerting.namespace", ["monitoring"], ["", 7]],
    ["alerting.pages", [true, false], ["yes"]],
    ["alerting.receivers.default.pagerduty.secret", ["a"], ["", 7]],
    ["alerting.receivers.default.pagerduty.key", ["a"], ["", 7]],
    ["alerting.receivers.default.slack.channel", ["#a"], ["alerts", "a#b"]],
    [`${email}.to`, ["a@example.com"], ["a"]],
    [`${email}.from`, ["a@example.com"], ["a"]],
    [`${email}.smarthost`, ["smtp.example.com:25"], ["smtp.example.com", "smtp.example.com:25/tls"]],
    [`${email}.username`, ["upkeep"], ["", 7]],
  ];
  for (const [path, good, bad] of forms) {
    it(`is read or refused by its form: ${path}`, () => {
      const place = path.replace(/\.(\d+)$/, "[$1]").replace(/\.(\w+\/\w+)$/, '["$1"]');
      for (const value of good) parsed(path, value);
      for (const value of bad) refuses(path, value, place, JSON.stringify(value));
    });
  }

  it("is tags as AWS takes them: of so many, of such keys and values, and none of AWS' own", () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
    const [key, value] = ["k".repeat(128), "v".repeat(256)];
    for (const tags of [many(50), { [key]: value }, { "Kostenstelle für": "ä" }, { "my-aws:a": "b" }]) {
      assert.deepEqual(parsed("aws.tags", tags).aws.tags, tags);
    }
    for (const tags of [
      many(51),
      { "aws:a": "b" },
      { "AWS:a": "b" },
      { [`${key}k`]: "v" },
      { a: `${value}v` },
      { a: "b;c" },
    ]) {
      const faults = refusal(() => parsed("aws.tags", tags));
      assert.equal(faults.length, 1, JSON.stringify(faults));
      assert.ok(faults[0]?.path.startsWith("upkeep:aws.tags"), faults[0]?.path);
    }
  });

  it("is, where it is the key of an existing bucket, a key's ARN in any partition", () => {
    const bucket = (key: string) => ({ shop: { name: "acme-backups", key } });
    const buckets = bucket("arn:aws-cn:kms:cn-north-1:111111111111:key/mrk-0123");
    assert.deepEqual(parsed("backups.buckets", buckets).backups.buckets, buckets);
    for (const key of ["alias/a", "arn:aws:kms:a:111111111111:alias/a", "see arn:aws:kms:a:111111111111:key/a"]) {
      refuses("backups.buckets", bucket(key), "backups.buckets.shop.key", JSON.stringify(key));
    }
  });

  it("is, where it is a way for pods to prove who they are, one of three, each in its form", () => {
    for (const identity of [
      { oidcProvider: "oidc.example.com" },
      { oidcProvider: "oidc.eks.eu-central-1.amazonaws.com/id/A_b-c.d/e" },
      { podIdentity: { cluster: "A" } },
      { podIdentity: { cluster: `0_b-${"c".repeat(96)}` } },
      { secret: "a", restorer: "b" },
    ]) {
      assert.deepEqual(parsed("backups.identity", identity).backups.identity, identity);
    }
    for (const [identity, key, wrong] of [
      [{}, "", {}],
      [{ secret: "a", restorer: "b", oidcProvider: "c" }, "", { secret: "a", restorer: "b", oidcProvider: "c" }],
      [{ oidcProvider: "https://oidc.example.com" }, ".oidcProvider", "https://oidc.example.com"],
      [{ oidcProvider: "oidc.example.com/" }, ".oidcProvider", "oidc.example.com/"],
      [{ oidcProvider: "oidc.example.com/a b" }, ".oidcProvider", "oidc.example.com/a b"],
      [{ oidcProvider: " oidc.example.com" }, ".oidcProvider", " oidc.example.com"],
      [{ podIdentity: { cluster: "-a" } }, ".podIdentity.cluster", "-a"],
      [{ podIdentity: { cluster: "a.b" } }, ".podIdentity.cluster", "a.b"],
      [{ podIdentity: {} }, ".podIdentity.cluster", undefined],
      [{ secret: "", restorer: "b" }, ".secret", ""],
      [{ secret: "a", restorer: "" }, ".restorer", ""],
      [{ secret: "a" }, ".restorer", undefined],
    ] as const) {
      refuses("backups.identity", identity, `backups.identity${key}`, JSON.stringify(wrong));
    }
    const cluster = "a".repeat(101);
    refuses("backups.identity", { podIdentity: { cluster } }, "backups.identity.podIdentity.cluster", "101 characters");
  });

  it("is an address of http or https where people or pods go there", () => {
    const replica = ["https://a:9093"];
    for (const [path, place, value] of [
      ["differs.origins.https://api", 'differs.origins["https://api"]', "http://a"],
      ["monitoring.runbooks", "monitoring.runbooks", "http://a/runbooks"],
      ["monitoring.alertmanagers", "monitoring.alertmanagers[1]", ["http://a:9093", ...replica]],
    ] as const) {
      parsed(path, value);
      for (const scheme of ["ftp", "xhttp", "httpx"]) {
        const wrong = typeof value === "string" ? `${scheme}://a` : [...replica, `${scheme}://a`];
        refuses(path, wrong, place, `"${scheme}://a"`);
      }
    }
  });

  it("is one network or more where pods may send traffic, of ports that exist", () => {
    const network = (port: number) => ({ cidr: "10.0.0.0/8", port });
    for (const path of ["kubernetes.apiEgress", "backups.egress"]) {
      for (const good of [[network(1)], [network(443), network(65_535)]]) parsed(path, good);
      for (const port of [0, 65_536, 1.5]) refuses(path, [network(port)], `${path}[0].port`, String(port));
      refuses(path, [], path, "[]");
      for (const cidr of ["::/0", "fd00:20::/32"]) parsed(path, [{ cidr, port: 443 }]);
      for (const cidr of ["10.0.0.0", "10.0.0.0/33", "fd00::/129", "::", "example.com/8"]) {
        refuses(path, [{ cidr, port: 1 }], `${path}[0].cidr`, `"${cidr}"`);
      }
    }
    assert.deepEqual(parsed("dns.network", ["169.254.20.10/32", "fd00::10/128"]).dns, {
      namespace: "kube-system",
      port: 53,
      network: ["169.254.20.10/32", "fd00::10/128"],
    });
    refuses("dns.network", [], "dns.network", "[]");
    refuses("dns.network", ["169.254.20.10"], "dns.network[0]", '"169.254.20.10"');
  });

  it("is a name of each service that is retired, and a count of one or more for each bound of an autoscaler", () => {
    refuses("retired", ["shop", ""], "retired[1]", '""');
    const bounds = "differs.autoscale";
    assert.deepEqual(parsed(bounds, { "shop/api": { min: 1, max: 2 } }).differs.autoscale, {
      "shop/api": { min: 1, max: 2 },
    });
    refuses(bounds, { "shop/api": { min: 0, max: 1 } }, `${bounds}["shop/api"].min`, "0");
    refuses(bounds, { "shop/api": { min: 1, max: -1 } }, `${bounds}["shop/api"].max`, "-1");
  });

  it("has a default where most environments have the same", () => {
    const minimal = structuredClone(prod);
    for (const path of ["differs", "features.csiClones", "backups.accessLogs"]) set(minimal, path, undefined);
    const environment = parseEnvironment("prod", minimal);
    const anywhere = (port: number) => ({ cidr: "0.0.0.0/0", port });
    assert.deepEqual(environment.retired, []);
    assert.deepEqual(environment.kubernetes, {
      context: "prod",
      apiEgress: [anywhere(443), anywhere(6443)],
    });
    assert.deepEqual(environment.dns, { namespace: "kube-system", port: 53 });
    assert.equal(environment.aws.pathStyle, false);
    assert.deepEqual(environment.images, {});
    assert.deepEqual(environment.differs, { namespaces: {}, origins: {}, sizes: {}, recipients: {}, autoscale: {} });
    assert.equal(environment.features.csiClones, false);
    const { encryption, conditionalPutPolicy, accessLogs, egress } = environment.backups;
    assert.deepEqual([encryption, conditionalPutPolicy, accessLogs, egress], ["kms", true, false, [anywhere(443)]]);
    assert.equal(environment.monitoring.scrapeInterval, "30s");
    for (const way of ["kms", "s3"]) assert.equal(parsed("backups.encryption", way).backups.encryption, way);
  });

  it("is missing where what it is in is missing too", () =>
    assert.deepEqual(refused(faultsOf({ kubernetes: undefined })), [["missing", at("kubernetes")]]));

  it("is named with each other that is unknown beside it", () =>
    assert.deepEqual(refused(faultsOf({ alerts: 1, backup: 2 })), [
      ["unknown-key", at("alerts")],
      ["unknown-key", at("backup")],
    ]));
});

describe("the fix of a setting", () => {
  const { aws, backups, alerting } = prod as Record<string, Record<string, unknown>>;
  /** Of the sentence, what a person types: a command, or what to write in the file where no command can say it. */
  const typed = ({ path, fix }: Fault) => [path, /(pulumi config|upkeep:).*/.exec(fix)?.[0]];

  it("is a command that a shell and Pulumi read, or an example with everything that it needs", () => {
    const changes = {
      // As a text: Pulumi would write a number.
      aws: { account: 333333333333, regoin: "eu-west-1", partition: "aws" },
      // The first of a list of texts.
      services: "shop",
      backups: { ...backups, egress: "all" },
      differs: { sizes: { "shop/main": "20" } },
      bakups: {},
    };
    assert.deepEqual(Object.fromEntries([...faultsOf(changes), ...faultsOf({ aws: undefined })].map(typed)), {
      [at("aws.account")]: "pulumi config set --path upkeep:aws.account <value> --type string --stack prod",
      [at("aws.region")]: "pulumi config set --path upkeep:aws.region <value> --stack prod",
      [at("aws.regoin")]: "pulumi config rm --path upkeep:aws.regoin --stack prod",
      [at("aws.partition")]: "pulumi config rm --path upkeep:aws.partition --stack prod",
      [at("services")]: "pulumi config set --path 'upkeep:services[0]' <value> --stack prod",
      [at("backups.egress")]: 'upkeep:backups.egress: [{ cidr: "10.0.0.0/8", port: 443 }]',
      [at('differs.sizes["shop/main"]')]:
        `pulumi config set --path 'upkeep:differs.sizes["shop/main"]' <value> --stack prod`,
      [at("aws")]: 'upkeep:aws: { account: "111111111111", region: "eu-central-1" }',
      [at("bakups")]: "pulumi config rm --path upkeep:bakups --stack prod",
    });
  });

  it("names the key that was meant, where one is near", () => {
    const [regoin, partition] = faultsOf({ aws: { ...aws, regoin: "eu-west-1", partition: "aws" } });
    assert.match(regoin?.fix ?? "", /\bregion\b/);
    assert.doesNotMatch(partition?.fix ?? "", /\b(account|region|profile)\b/);
  });

  it("never shows a long text, or one where an object belongs: it may be a secret", () => {
    const url = `https://hooks.slack.com/services/${"T".repeat(60)}`;
    const receivers = { default: { slack: "xoxb-secret", statusPage: { secret: url, key: "a", url } } };
    for (const { got } of faultsOf({ alerting: { ...alerting, receivers } }))
      assert.match(got ?? "", /^\d+ characters$/);
  });
});

describe("a stack's configuration", () => {
  it("is refused for a namespace that is nearly upkeep, by its name", () => {
    const config = Object.fromEntries(Object.entries(prod).map(([key, value]) => [`upkeep:${key}`, value]));
    assert.equal(stackEnvironment("prod", { ...config, "pulumi:tags": {}, "aws:region": "a" }).name, "prod");
    const faults = refusal(() => stackEnvironment("prod", { ...config, "upkep:services": ["a"] }));
    assert.deepEqual(refused(faults), [["unknown-key", "upkep:services in Pulumi.prod.yaml"]]);
    assert.match(faults[0]?.fix ?? "", /upkeep:services/);
  });
});
