import assert from "node:assert/strict";
import { parseEnvironment, stackEnvironment } from "../../../domain/environment/environment.ts";
import type { DeclarationError, Fault } from "../../../domain/values/fault.ts";
import { set } from "../../policies/set.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";

const prod = settingsOf("prod");

function refusal(changes: Record<string, unknown>): string {
  try {
    parseEnvironment("prod", { ...prod, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

function faultsOf(changes: Record<string, unknown>): readonly Fault[] {
  try {
    parseEnvironment("prod", { ...prod, ...changes });
  } catch (error) {
    return (error as DeclarationError).faults;
  }
  return [];
}

describe("an environment", () => {
  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`is read from Pulumi.${stack}.yaml`, () => assert.equal(environmentOf(stack).name, stack));
  }

  it("names a missing key and the command that sets it", () => {
    assert.equal(
      refusal({ aws: { account: "111111111111" } }),
      `environment "prod" cannot be deployed:
- upkeep:aws.region in Pulumi.prod.yaml is missing; allowed: a region such as eu-central-1. Fix: pulumi config set --path upkeep:aws.region <value> --stack prod`,
    );
  });

  it("names a wrong value and what is allowed", () => {
    assert.match(
      refusal({ aws: { account: "1111", region: "eu-central-1" } }),
      /upkeep:aws.account in Pulumi.prod.yaml is "1111"; allowed: an account number of 12 digits, in quotes\. Fix:/,
    );
  });

  it("names an unknown key and the command that removes it", () => {
    assert.match(
      refusal({ bakups: {} }),
      /upkeep:bakups in Pulumi.prod.yaml is \{\}; allowed: no such key; known are services, .*, alerting\. Fix: did you mean backups\? Rename it, or pulumi config rm --path upkeep:bakups --stack prod/,
    );
  });

  it("wants exactly one way for pods to prove who they are", () => {
    assert.match(
      refusal({ backups: { identity: { secret: "a", restorer: "b", oidcProvider: "c" } } }),
      /upkeep:backups.identity in Pulumi.prod.yaml/,
    );
  });

  it("wants the name of a receiver's Secret, never what is in it", () => {
    const { alerting } = prod as { alerting: object };
    const receivers = (receiver: object) => refusal({ alerting: { ...alerting, receivers: { default: receiver } } });
    assert.equal(
      receivers({ pagerduty: { key: "pagerduty-routing-key" } }),
      `environment "prod" cannot be deployed:
- upkeep:alerting.receivers.default.pagerduty.secret in Pulumi.prod.yaml is missing; allowed: the name of a Secret. Fix: pulumi config set --path upkeep:alerting.receivers.default.pagerduty.secret <value> --stack prod`,
    );
    assert.equal(
      receivers({ statusPage: { secret: "alert-receivers" } }),
      `environment "prod" cannot be deployed:
- upkeep:alerting.receivers.default.statusPage.key in Pulumi.prod.yaml is missing; allowed: a key of the Secret. Fix: pulumi config set --path upkeep:alerting.receivers.default.statusPage.key <value> --stack prod`,
    );
  });

  it("refuses in words of its own, whatever is put anywhere", () => {
    const paths = (value: unknown, at: string[] = []): string[][] =>
      typeof value === "object" && value !== null
        ? [at, ...Object.entries(value).flatMap(([key, one]) => paths(one, [...at, key]))]
        : [at];
    const wrong = [undefined, null, 7, -1, true, "", "wrong here", [], [7], {}, { unknown: { deep: 1 } }];
    for (const [first, ...rest] of paths(prod)) {
      if (first === undefined) continue;
      for (const value of wrong) {
        const changed = set(structuredClone(prod), [first, ...rest].join("."), value);
        for (const { path, allowed, fix } of faultsOf(changed)) {
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
    assert.equal(refusal({ services: [], kubernetes: {} }).split("\n").length, 3);
  });
});

describe("a setting of an environment", () => {
  /** The settings of prod with one of them changed, undefined removing. */
  const settingsWith = (path: string, value: unknown) => set(structuredClone(prod), path, value);
  const parsed = (path: string, value: unknown) => parseEnvironment("prod", settingsWith(path, value));

  /** The one line that says what is wrong, from what is there on; that it is of the setting is asserted. */
  function fault(path: string, value: unknown): string {
    try {
      parsed(path, value);
    } catch (error) {
      const [first, ...lines] = (error as Error).message.split("\n");
      assert.equal(first, 'environment "prod" cannot be deployed:');
      assert.equal(lines.length, 1, lines.join("\n"));
      const [line = ""] = lines;
      const [, named = "", said = ""] = /^- upkeep:(\S+) in Pulumi\.prod\.yaml is (.*)$/.exec(line) ?? [];
      assert.ok(named.replace(/\["(.*)"\]/, ".$1").startsWith(path.replace(/\.\d+$/, "")), line);
      return said;
    }
    return "";
  }

  const address = "an address";
  const duration = "a duration such as 31d";
  const email = "alerting.receivers.default.email";
  const name = "the name of a Secret";
  const service = "the name of a service";
  const namespace = "a namespace";
  const forms: [path: string, allowed: string, good: unknown[], bad: unknown[]][] = [
    [
      "aws.account",
      "an account number of 12 digits, in quotes",
      ["012345678901"],
      ["12345678901", "1234567890123", "a123456789012", "12345678901a"],
    ],
    [
      "aws.region",
      "a region such as eu-central-1",
      ["us-gov-west-1", "eu-west-3"],
      ["deu-west-1", "eu-west-11", "eu-west", "eu-1", "eu-west-1a"],
    ],
    ["aws.profile", "a profile of the AWS configuration", ["second"], ["", 7]],
    ["backups.replica.profile", "a profile of the AWS configuration", ["second"], ["", 7]],
    ["services", "a list of at least one service", [["mplp"], ["a", "b"]], ["mplp", []]],
    ["services.0", service, ["mplp"], ["", 7]],
    ["kubernetes.context", "the name of a context of the kubeconfig", ["prod"], ["", 7]],
    ["kubernetes.kubeconfig", "a path", ["/home/a/.kube/config"], ["", 7]],
    ["kubernetes.dnsNamespace", namespace, ["dns"], ["", 7]],
    [
      "images.registry",
      "a registry without scheme, such as registry.example.com/mirror",
      ["registry.example.com:5000/a_b-c/d"],
      ["registry example.com", "registry.example.com/a ", " registry.example.com"],
    ],
    ["differs.namespaces.mplp", namespace, ["a", "a-b", "0"], ["-a", "a-", "A", "a.b"]],
    ["differs.sizes.mplp/main", "a size such as 20Gi", ["1Ki", "20Mi", "3Gi", "4Ti"], ["Gi", "x1Gi", "1GiB", "1G"]],
    ["differs.recipients.mplp/main", "a recipient of age, as age-keygen prints it", ["age1abc"], ["xage1abc", "age"]],
    ["features.blackboxExporter", "host:port", ["a:1", "b_c.d-e:9115"], [" a:1", "a:1 ", "a:", ":1", "http://a:1"]],
    ["backups.certificateAuthority", "the name of a ConfigMap", ["ca"], ["", 7]],
    [
      "backups.deployRole",
      "the ARN of an IAM role",
      ["arn:aws:iam::111111111111:role/a/b_+=,.@-c"],
      [
        "see arn:aws:iam::111111111111:role/a",
        "arn:aws:iam::111111111111:role/a b",
        "arn:aws:iam::1:role/a",
        "arn:aws:iam::111111111111:role/",
      ],
    ],
    ["monitoring.ruleLabels", "labels, or {} where everything is selected", [{}, { a: "b" }], [7]],
    ["monitoring.probeLabels", "labels, or {} where everything is selected", [{}, { a: "b" }], [7]],
    ["monitoring.dashboardLabels", "labels, or {} where everything is selected", [{}, { a: "b" }], [7]],
    ["monitoring.retention", duration, ["90s", "2m", "3h", "40d", "5w"], ["x1d", "1days", "d", "1y", "1.5", "0d"]],
    [
      "monitoring.scrapeInterval",
      "a duration such as 30s",
      ["15s", "2m", "3h", "40d", "5w"],
      ["x1d", "1days", "d", "1y"],
    ],
    ["monitoring.alertmanagers", "a list of at least one address", [["http://a:9093", "https://b:9093"]], [[]]],
    ["alerting.owner", "upkeep or shared", ["upkeep", "shared"], ["both", ""]],
    ["alerting.namespace", namespace, ["monitoring"], ["", 7]],
    ["alerting.pages", "true or false", [true, false], ["yes"]],
    ["alerting.receivers.default.pagerduty.secret", name, ["a"], ["", 7]],
    ["alerting.receivers.default.pagerduty.key", "a key of the Secret", ["a"], ["", 7]],
    ["alerting.receivers.default.slack.channel", "a channel such as #alerts", ["#a"], ["alerts", "a#b"]],
    [`${email}.to`, address, ["a@example.com"], ["a"]],
    [`${email}.from`, address, ["a@example.com"], ["a"]],
    [`${email}.smarthost`, "host:port", ["smtp.example.com:25"], ["smtp.example.com", "smtp.example.com:25/tls"]],
    [`${email}.username`, "a user of the mail server", ["upkeep"], ["", 7]],
  ];
  for (const [path, allowed, good, bad] of forms) {
    it(`is read or refused by its form: ${path}, ${allowed}`, () => {
      for (const value of good) parsed(path, value);
      for (const value of bad) {
        const [got, rest = ""] = fault(path, value).split("; allowed: ");
        assert.equal(got, JSON.stringify(value));
        assert.ok(rest.startsWith(`${allowed}. Fix: `), rest);
      }
    });
  }

  it("is, where it is a way for pods to prove who they are, one of three, each in its form", () => {
    const allowed = "{ oidcProvider: … }, { podIdentity: … }, or { secret: …, restorer: … }";
    for (const identity of [
      { oidcProvider: "oidc.example.com" },
      { oidcProvider: "oidc.eks.eu-central-1.amazonaws.com/id/A_b-c.d/e" },
      { podIdentity: { cluster: "A" } },
      { podIdentity: { cluster: `0_b-${"c".repeat(96)}` } },
      { secret: "a", restorer: "b" },
    ]) {
      assert.deepEqual(parsed("backups.identity", identity).backups.identity, identity);
    }
    for (const [identity, says] of [
      [{}, allowed],
      [{ secret: "a", restorer: "b", oidcProvider: "c" }, allowed],
      [{ oidcProvider: "https://oidc.example.com" }, "an OIDC issuer without https://"],
      [{ oidcProvider: "oidc.example.com/" }, "an OIDC issuer without https://"],
      [{ oidcProvider: "oidc.example.com/a b" }, "an OIDC issuer without https://"],
      [{ oidcProvider: " oidc.example.com" }, "an OIDC issuer without https://"],
      [{ podIdentity: { cluster: "-a" } }, "the name of an EKS cluster"],
      [{ podIdentity: { cluster: "a.b" } }, "the name of an EKS cluster"],
      [{ podIdentity: { cluster: "a".repeat(101) } }, "the name of an EKS cluster"],
      [{ podIdentity: {} }, "the name of an EKS cluster"],
      [{ secret: "", restorer: "b" }, name],
      [{ secret: "a", restorer: "" }, name],
      [{ secret: "a" }, name],
    ] as const) {
      const [, rest = ""] = fault("backups.identity", identity).split("; allowed: ");
      assert.ok(rest.startsWith(`${says}. Fix: `), `${JSON.stringify(identity)}: ${rest}`);
    }
  });

  it("is an address of http or https where people or pods go there", () => {
    const replica = ["https://a:9093"];
    for (const [path, value] of [
      ["differs.origins.https://api", "http://a"],
      ["monitoring.runbooks", "http://a/runbooks"],
      ["monitoring.alertmanagers", ["http://a:9093", ...replica]],
    ] as const) {
      parsed(path, value);
      for (const scheme of ["ftp", "xhttp", "httpx"]) {
        const wrong = typeof value === "string" ? `${scheme}://a` : [...replica, `${scheme}://a`];
        assert.match(fault(path, wrong), new RegExp(`^"${scheme}://a"; allowed: `));
      }
    }
  });

  it("is one network or more where pods may send traffic, of ports that exist", () => {
    const network = (port: number) => ({ cidr: "10.0.0.0/8", port });
    for (const path of ["kubernetes.apiEgress", "backups.egress"]) {
      for (const good of [[network(1)], [network(443), network(65_535)]]) parsed(path, good);
      for (const port of [0, 65_536, 1.5])
        assert.match(fault(path, [network(port)]), new RegExp(`^${port}; allowed: `));
      assert.match(fault(path, []), /^\[\]; allowed: /);
      assert.match(fault(path, [{ cidr: "10.0.0.0", port: 1 }]), /^"10\.0\.0\.0"; allowed: /);
    }
  });

  it("is a name of each service that is retired, and a count of one or more for each bound of an autoscaler", () => {
    assert.match(fault("retired", ["mplp", ""]), /^""; allowed: the name of a service\. Fix: /);
    const bounds = "differs.autoscale";
    assert.deepEqual(parsed(bounds, { "mplp/api": { min: 1, max: 2 } }).differs.autoscale, {
      "mplp/api": { min: 1, max: 2 },
    });
    assert.match(fault(bounds, { "mplp/api": { min: 0, max: 1 } }), /^0; allowed: a whole number, 1 or more\. Fix: /);
    assert.match(fault(bounds, { "mplp/api": { min: 1, max: -1 } }), /^-1; allowed: a whole number, 1 or more\. Fix: /);
  });

  it("has a default where most environments have the same", () => {
    const minimal = structuredClone(prod);
    for (const path of ["differs", "features.csiClones", "backups.accessLogs"]) set(minimal, path, undefined);
    const environment = parseEnvironment("prod", minimal);
    const anywhere = (port: number) => ({ cidr: "0.0.0.0/0", port });
    assert.deepEqual(environment.retired, []);
    assert.deepEqual(environment.kubernetes, {
      context: "prod",
      dnsNamespace: "kube-system",
      apiEgress: [anywhere(443), anywhere(6443)],
    });
    assert.equal(environment.aws.pathStyle, false);
    assert.deepEqual(environment.images, {});
    assert.deepEqual(environment.differs, { namespaces: {}, origins: {}, sizes: {}, recipients: {}, autoscale: {} });
    assert.equal(environment.features.csiClones, false);
    const { encryption, conditionalPutPolicy, accessLogs, egress } = environment.backups;
    assert.deepEqual([encryption, conditionalPutPolicy, accessLogs, egress], ["kms", true, false, [anywhere(443)]]);
    assert.equal(environment.monitoring.scrapeInterval, "30s");
    for (const way of ["kms", "s3"]) assert.equal(parsed("backups.encryption", way).backups.encryption, way);
  });

  it("is missing in words where what it stands in is missing too", () =>
    assert.equal(
      refusal({ kubernetes: undefined }).split("\n")[1]?.split(";")[0],
      "- upkeep:kubernetes in Pulumi.prod.yaml is missing",
    ));

  it("is named with each other that is unknown beside it", () =>
    assert.deepEqual(
      faultsOf({ alerts: 1, backup: 2 }).map(({ code, path }) => [code, path]),
      [
        ["unknown-key", "upkeep:alerts in Pulumi.prod.yaml"],
        ["unknown-key", "upkeep:backup in Pulumi.prod.yaml"],
      ],
    ));
});

describe("the fix of a setting", () => {
  const fixes = (changes: Record<string, unknown>) => faultsOf(changes).map(({ fix }) => fix);
  const { aws, backups, alerting } = prod as Record<string, Record<string, unknown>>;

  it("writes an account number as a text: Pulumi would write a number", () =>
    assert.deepEqual(fixes({ aws: { ...aws, account: 333333333333 } }), [
      "pulumi config set --path upkeep:aws.account <value> --type string --stack prod",
    ]));

  it("writes the first of a list of texts", () =>
    assert.deepEqual(fixes({ services: "shop" }), [
      "pulumi config set --path 'upkeep:services[0]' <value> --stack prod",
    ]));

  it("is an example of what no command can say, with everything that it needs", () => {
    assert.deepEqual(fixes({ aws: undefined }), [
      'write in Pulumi.prod.yaml, for example: upkeep:aws: { account: "111111111111", region: "eu-central-1" }',
    ]);
    assert.deepEqual(fixes({ backups: { ...backups, egress: "all" } }), [
      'write in Pulumi.prod.yaml, for example: upkeep:backups.egress: [{ cidr: "10.0.0.0/8", port: 443 }]',
    ]);
  });

  it("names the key of a map as a shell and Pulumi read it", () =>
    assert.deepEqual(fixes({ differs: { sizes: { "shop/main": "20" } } }), [
      `pulumi config set --path 'upkeep:differs.sizes["shop/main"]' <value> --stack prod`,
    ]));

  it("names the key that was meant, or the command that removes what is unknown", () => {
    assert.deepEqual(fixes({ aws: { ...aws, regoin: "eu-west-1", partition: "aws" } }), [
      "did you mean region? Rename it, or pulumi config rm --path upkeep:aws.regoin --stack prod",
      "pulumi config rm --path upkeep:aws.partition --stack prod",
    ]);
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
    assert.throws(
      () => stackEnvironment("prod", { ...config, "upkep:services": ["a"] }),
      ({ faults }: DeclarationError) =>
        faults.length === 1 &&
        faults[0]?.path === "upkep:services in Pulumi.prod.yaml" &&
        /upkeep:services/.test(faults[0].fix),
    );
  });
});
