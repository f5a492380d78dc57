import { z } from "zod";
import { jobPodsSchema } from "../declaration/jobPods.ts";
import { cidr, cidrs, podLabels } from "../declaration/texts.ts";
import { address, flag, integer, optional, text } from "../values/schema.ts";
import { others } from "./others.ts";
import { receiver, secretName, secretValue } from "./receivers.ts";

/** The name of a Kubernetes namespace. Source: RFC 1123, as kubernetes.io/docs/concepts/overview/working-with-objects/names cites it. */
const namespace = text("a namespace", "monitoring", /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

const account = text("an account number of 12 digits, in quotes", "111111111111", /^\d{12}$/);
const region = text("a region such as eu-central-1", "eu-central-1", /^([a-z]{2}|eusc)(-[a-z]+)+-\d$/);
const profile = text("a profile of the AWS configuration", "maintenance");
const count = integer("a whole number, 1 or more", 3, 1);

/** The ways in which a pod proves to S3 who it is: each is named by its first key. */
export const identities = {
  oidcProvider: z.strictObject({
    oidcProvider: text(
      "an OIDC issuer without https://",
      "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE",
      /^[a-z0-9.-]+(\/[\w./-]+)?$/,
    ).describe("IAM roles for ServiceAccounts (IRSA): the cluster's OIDC provider, without scheme."),
  }),
  podIdentity: z.strictObject({
    podIdentity: z
      .strictObject({
        cluster: text("the name of an EKS cluster", "production", /^[0-9A-Za-z][\w-]{0,99}$/).describe(
          "The cluster's name in EKS.",
        ),
      })
      .describe("EKS Pod Identity: an agent on each node gives the role to the pod."),
  }),
  secret: z.strictObject({
    secret: secretName.describe(
      "A Secret in each service's namespace, with the keys `access-key-id` and `secret-access-key`.",
    ),
    restorer: secretName.describe(
      "Another Secret, with the keys of the user who may read backups: for drills and restores.",
    ),
  }),
};

const identity = z.union(Object.values(identities)).meta({
  allowed: "{ oidcProvider: … }, { podIdentity: … }, or { secret: …, restorer: … }",
  examples: [{ oidcProvider: "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE" }],
});

const labels = z
  .record(z.string(), z.string())
  .meta({ allowed: "labels, or {} if everything is selected", examples: [{ release: "kube-prometheus-stack" }] });

const networks = z
  .array(
    z.strictObject({
      cidr: cidr.describe("The network."),
      port: integer("a port, 1 to 65535", 443, 1, 65_535).describe("The port."),
    }),
  )
  .min(1)
  .meta({
    allowed: "at least one network, each { cidr: …, port: … }",
    examples: [[{ cidr: "10.0.0.0/8", port: 443 }]],
  });

const anywhere = (port: number) => ({ cidr: "0.0.0.0/0", port });

const duration = (example: string) => text(`a duration such as ${example}`, example, /^\d*[1-9]\d*[smhdw]$/);

/** The keys of `Pulumi.<stack>.yaml`, without their prefix `upkeep:`. */
export const settings = z.strictObject({
  services: z
    .array(text("the name of a service", "shop"))
    .meta({ allowed: "a list of services", examples: [["shop"]] })
    .describe("The services to maintain, by name; none only if `retired` names some."),
  retired: z
    .array(text("the name of a service", "shop"))
    .default([])
    .describe("Services that are no longer maintained: everything is removed but the bucket with their backups."),
  kubernetes: z
    .strictObject({
      context: text("the name of a context of the kubeconfig", "production").describe(
        "The context of the kubeconfig to use. It is named, so that nothing is ever deployed to the cluster that happens to be current.",
      ),
      kubeconfig: optional(text("a path", "~/.kube/config")).describe(
        "The kubeconfig's path; by default those that kubectl uses. Paths inside a file that is named here must be absolute.",
      ),
      apiEgress: networks
        .default([anywhere(443), anywhere(6443)])
        .describe(
          "The API server's own addresses and ports, behind `kubernetes.default.svc`, which a NetworkPolicy compares: usually port 443 if the provider runs it, 6443 if nodes of the cluster do.",
        ),
    })
    .describe("The cluster."),
  dns: z
    .strictObject({
      namespace: namespace.default("kube-system").describe("The namespace of its pods."),
      podLabels: optional(podLabels.meta({ examples: [{ "k8s-app": "kube-dns" }] }))
        .describe("Labels of its pods.")
        .meta({ defaults: "every pod of that namespace" }),
      port: integer("a port, 1 to 65535", 53, 1, 65_535)
        .default(53)
        .describe("The port on which its pods answer, which a NetworkPolicy compares: 5353 on OpenShift."),
      network: optional(cidrs("169.254.20.10/32")).describe(
        "Networks that answer besides those pods: `169.254.20.10/32` with NodeLocal DNSCache, `169.254.169.254/32` with Cloud DNS for GKE.",
      ),
    })
    .prefault({})
    .describe("The cluster's DNS: the pods of every job may ask it, and nothing else that their egress does not name."),
  jobs: optional(jobPodsSchema).describe(
    "What every job's pod has besides what Upkeep sets, under the names of Kubernetes. A service and a backup may override it with their own `jobs`: maps key by key, lists as a whole. docs/job-pods.md has examples.",
  ),
  aws: z
    .strictObject({
      account: account.describe("The AWS account; Pulumi refuses to change another one."),
      region: region.describe("The region of the buckets."),
      profile: optional(profile).describe("The profile of the AWS configuration by which Pulumi reaches the account."),
      configFiles: optional(z.array(text("a path", "~/.aws/config"))).describe(
        "AWS configuration files; by default the user's own.",
      ),
      credentialsFiles: optional(z.array(text("a path", "~/.aws/credentials"))).describe(
        "AWS credentials files; by default the user's own.",
      ),
      tags: optional(
        z
          .record(
            z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu),
            z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u),
          )
          .refine((all) => Object.keys(all).length <= 50)
          .meta({
            allowed: "at most 50 tags as AWS takes them, whose keys do not begin with aws:",
            examples: [{ "cost-center": "1234" }],
          }),
      ).describe("Tags of every resource in AWS that can have some, as organizations' tag policies demand them."),
      iam: optional(
        z.strictObject({
          path: optional(
            text("a path that begins and ends with a slash", "/upkeep/", /^\/([\w+=,.@-]+\/)*$/).describe(
              "The path of every role.",
            ),
          ),
          permissionsBoundary: optional(
            text(
              "the ARN of an IAM policy",
              "arn:aws:iam::111111111111:policy/boundary",
              /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
            ).meta({ passedOn: "arn:aws:iam::000000000000:policy/TOKEN" }),
          ).describe("The policy that bounds every role. It must allow what docs/roles.md lists."),
        }),
      ).describe("What every IAM role has that is created."),
      pathStyle: flag()
        .default(false)
        .describe("Whether buckets are addressed in the path, as S3-compatible servers need it."),
    })
    .describe("The AWS account."),
  images: z
    .strictObject({
      registry: optional(
        text(
          "a registry without scheme, such as registry.example.com/mirror",
          "registry.example.com/mirror",
          /^[\w.:/-]+$/,
        ).meta({ passedOn: "TOKEN.invalid" }),
      ).describe("Host, and path if it has one, of a registry that mirrors the vendors' repositories."),
    })
    .default({})
    .describe("Where images come from."),
  differs: z
    .strictObject({
      namespaces: z
        .record(z.string(), namespace)
        .default({})
        .meta({ examples: [{ "shop-production": "shop-staging" }] })
        .describe("Namespaces, by the declared one."),
      origins: z
        .record(z.string(), address)
        .default({})
        .meta({ examples: [{ "https://shop.example.com": "https://shop.staging.example.com" }] })
        .describe("Where endpoints are, by the scheme and host that is declared, such as `https://api.example.com`."),
      sizes: z
        .record(z.string(), text("a size such as 20Gi", "20Gi", /^\d*[1-9]\d*(Ki|Mi|Gi|Ti)$/))
        .default({})
        .meta({ examples: [{ "shop/main": "2Gi" }] })
        .describe("Sizes of datastores, by `<service>/<datastore>`."),
      recipients: z
        .record(z.string(), text("a recipient of age, as age-keygen prints it", "age1…", /^age1/))
        .default({})
        .meta({ examples: [{ "shop/configuration": "age1…" }] })
        .describe(
          "Who can read exported Secrets, by `<service>/<datastore>` of a datastore of configuration: an X25519 recipient of age. Without one no Secret is exported.",
        ),
      autoscale: z
        .record(
          z.string(),
          z.strictObject({
            min: count.describe("The fewest pods."),
            max: count.describe("The most pods."),
          }),
        )
        .default({})
        .meta({ examples: [{ "shop/api": { min: 2, max: 3 } }] })
        .describe("Bounds of autoscalers, by `<service>/<workload>`."),
    })
    .prefault({})
    .describe("Overrides of the services' declarations. A key that names nothing declared is refused."),
  features: z
    .strictObject({
      prometheusOperator: flag().describe(
        "Whether prometheus-operator reads PrometheusRules and Probes; without it rules are files in ConfigMaps.",
      ),
      prometheusOperatorVersion: optional(text("a version such as 0.93.0", "0.93.0", /^\d+\.\d+\.\d+$/)).describe(
        "Its version, if it may be older than a channel of `upkeep:alerting.receivers` needs: docs/receivers.md. By default it has all.",
      ),
      blackboxExporter: optional(text("host:port", "blackbox-exporter.monitoring.svc:9115", /^[\w.-]+:\d+$/)).describe(
        "Where blackbox exporter answers; without it the health monitor checks the endpoints.",
      ),
      kubeStateMetrics: flag().describe(
        "Whether kube-state-metrics is scraped: without it no alert fires for a job that stopped.",
      ),
      metricsServer: flag().describe("Whether the metrics API is available: without it no autoscaler acts."),
      certManager: flag()
        .default(false)
        .describe(
          "Whether cert-manager's metrics are scraped: then its Certificates in each service's namespace are watched.",
        ),
      trivyOperator: flag()
        .default(false)
        .describe(
          "Whether Trivy Operator's metrics are scraped: then its reports on each service's namespace are watched.",
        ),
      postgresExporter: flag()
        .default(false)
        .describe(
          "Whether a postgres_exporter with the collector `database_wraparound` runs beside each declared PostgreSQL, in its namespace.",
        ),
      redisExporter: flag()
        .default(false)
        .describe("Whether a redis_exporter runs beside each declared Redis, in its namespace."),
      otelCollector: flag()
        .default(false)
        .describe(
          "Whether OpenTelemetry collectors' own metrics are scraped: then what they lose or refuse is watched.",
        ),
      grafana: flag()
        .default(false)
        .describe("Whether Grafana's own metrics are scraped: then it and its data sources are watched."),
      vpa: flag()
        .default(false)
        .describe(
          "Whether VerticalPodAutoscalers are installed with their recommender: then each workload has one in mode Off, and its dashboard shows what that recommends.",
        ),
      kubePrometheusRules: flag()
        .default(false)
        .describe(
          "Whether Prometheus loads kube-prometheus' own rules on nodes, Prometheus and Alertmanager: `make verify` asks for those that docs/guides.md relies on.",
        ),
      loki: optional(labels.meta({ examples: [{ loki_rule: "" }] })).describe(
        "Labels by which the sidecar of Loki's ruler selects rule files in ConfigMaps; without it a service with `logAlerts` is refused.",
      ),
      csiClones: flag().default(false).describe("Whether volumes can be cloned: what CSI drivers call CLONE_VOLUME."),
    })
    .describe("What the cluster has. docs/features.md says what happens if a feature is missing."),
  backups: z
    .strictObject({
      identity: identity.describe("How a pod authenticates to S3."),
      endpoint: optional(
        z
          .url()
          .meta({ allowed: "an address", examples: ["https://s3.example.com"], passedOn: "https://TOKEN.invalid" }),
      ).describe("S3 as pods reach it; by default AWS's own address."),
      certificateAuthority: optional(
        text("the name of a ConfigMap", "kube-root-ca.crt").meta({ passedOn: "TOKEN" }),
      ).describe(
        "A ConfigMap in each service's namespace whose `ca.crt` signed the endpoint's certificate; by default public authorities.",
      ),
      encryption: z
        .enum(["kms", "s3"])
        .default("kms")
        .describe("Encryption at rest: with a KMS key of the bucket's own, or with the server's."),
      conditionalPutPolicy: flag()
        .default(true)
        .describe(
          "Whether the bucket's policy may require conditional puts: S3 supports the condition, S3-compatible servers may not.",
        ),
      buckets: optional(
        z
          .record(
            z.string(),
            z.strictObject({
              name: text("the name of a bucket", "acme-backups", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/).describe(
                "The bucket's name.",
              ),
              key: optional(
                text(
                  "the ARN of a KMS key",
                  "arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111",
                  /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/,
                ),
              ).describe("The KMS key that encrypts it, if it is not the server's own."),
            }),
          )
          .meta({ examples: [{ shop: { name: "acme-backups" } }] }),
      ).describe(
        "Buckets that exist already, by service: Upkeep then creates none for it, and no setting, replica or log of it. docs/aws.md says what such a bucket must have.",
      ),
      replica: optional(
        z.strictObject({
          region: region.describe("The region of the second copy."),
          account: optional(account).describe(
            "The account of the second copy, if it is another one: an attacker in the first account cannot delete both copies.",
          ),
          profile: optional(profile).describe(
            "The profile of the AWS configuration by which Pulumi reaches that account.",
          ),
        }),
      ).describe("Where the second copy of every backup is; without it there is one copy."),
      accessLogs: flag()
        .default(false)
        .describe("Whether each access to a bucket is logged, in a log bucket beside it."),
      deployRole: optional(
        text(
          "the ARN of an IAM role",
          "arn:aws:iam::111111111111:role/upkeep-deploy",
          /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        ).meta({ passedOn: "arn:aws:iam::000000000000:role/TOKEN" }),
      ).describe(
        "The role that deploys: it alone may then change a bucket's policy, lock, lifecycle, versioning and replication.",
      ),
      egress: networks.default([anywhere(443)]).describe("Where pods may send S3 traffic."),
    })
    .describe("Where backups are, and how pods reach them."),
  monitoring: z
    .strictObject({
      ruleLabels: labels.describe("Labels by which Prometheus selects its rules."),
      probeLabels: labels.describe("Labels by which Prometheus selects its probes."),
      alertmanagerConfigLabels: optional(labels.meta({ examples: [{ alertmanager: "main" }] })).describe(
        "Labels by which a shared Alertmanager selects AlertmanagerConfigs, besides Upkeep's own.",
      ),
      dashboardLabels: optional(labels).describe(
        "Labels by which Grafana's sidecar selects dashboards: each service gets one. Without them there are no dashboards.",
      ),
      grafana: optional(address.meta({ examples: ["https://grafana.example.com"] })).describe(
        "Where people open Grafana, without the last slash: each alert links to its service's dashboard. Without it alerts have no such link.",
      ),
      retention: duration("31d").describe(
        "How long Prometheus keeps its series: what is counted over 30 days needs 31.",
      ),
      scrapeInterval: duration("30s")
        .default("30s")
        .describe("How often Prometheus scrapes its targets, and how often it evaluates rules."),
      alertmanagers: z
        .array(address)
        .min(1)
        .meta({
          allowed: "a list of at least one address",
          examples: [["http://alertmanager-operated.monitoring.svc:9093"]],
        })
        .describe("Each replica of Alertmanager, as pods reach it: an alert goes to every one."),
      runbooks: address
        .meta({ examples: ["https://upkeep.example.com/runbooks"] })
        .describe("Where people read the pages of runbooks/, without the last slash: alerts link there."),
    })
    .describe("Prometheus and its Alertmanager."),
  alerting: z
    .strictObject({
      owner: z
        .enum(["upkeep", "shared"])
        .default("shared")
        .meta({ allowed: "upkeep or shared" })
        .describe(
          "Whose Alertmanager it is: `upkeep` writes its whole configuration, as a Secret; `shared` adds an AlertmanagerConfig per service beside what others declare.",
        ),
      namespace: namespace.describe("Where Alertmanager runs, and its configuration is."),
      pages: flag().describe("Whether critical alerts page; otherwise they go where warnings go."),
      receivers: z
        .record(z.string(), receiver)
        .meta({
          examples: [{ default: { slack: { secret: "alert-receivers", key: "slack-url", channel: "#alerts" } } }],
        })
        .describe("Where each channel leads, by the owning team; `default` is for every other team."),
      others: optional(others).describe(
        "Only for `upkeep`: routes and receivers of the cluster's other alerts, as they are in Alertmanager's configuration, so that those still arrive: docs/kube-prometheus-stack.md. Without it they go to the fallback.",
      ),
      deadMansSwitch: optional(secretValue).describe(
        "A webhook outside the cluster that expects a message at least every 10 minutes, and pages when none comes, such as a check of healthchecks.io: its URL. Required if alerts page.",
      ),
    })
    .describe("Where alerts go."),
});
