import { z } from "zod";
import { type Fault, refuseFaults } from "../values/fault.ts";

/** A text of a form; the same words say what is allowed where it is missing and where it is wrong. */
function text(allowed: string, form = /./) {
  return z.string({ error: allowed }).regex(form, allowed);
}

/**
 * How a pod proves to S3 who it is: an IAM role bound to its ServiceAccount, by the cluster's OIDC provider (IRSA) or by EKS Pod Identity,
 * or a Secret that holds access keys.
 */
const identity = z.union(
  [
    z.strictObject({
      /** The cluster's OIDC provider without scheme, such as `oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE`. */
      oidcProvider: text("an OIDC issuer without https://", /^[a-z0-9.-]+(\/[\w./-]+)?$/),
    }),
    z.strictObject({
      /** EKS Pod Identity: an agent on each node hands the role to the pod. */
      podIdentity: z.strictObject({
        /** The cluster's name in EKS. */
        cluster: text("the name of an EKS cluster", /^[0-9A-Za-z][\w-]{0,99}$/),
      }),
    }),
    z.strictObject({
      /** A Secret in each service's namespace, with the keys `access-key-id` and `secret-access-key`. */
      secret: text("the name of a Secret"),
      /** Another, with the keys of who may read backups: drills and restores. */
      restorer: text("the name of a Secret"),
    }),
  ],
  { error: "{ oidcProvider: … }, { podIdentity: … }, or { secret: …, restorer: … }" },
);

const labels = z.record(z.string(), z.string(), { error: "labels, or {} where everything is selected" });

const account = text("an account number of 12 digits, in quotes", /^\d{12}$/);

const region = text("a region such as eu-central-1", /^[a-z]{2}(-[a-z]+)+-\d$/);

const count = z.int().min(1, "1 or more");

/** One value of a Secret that already exists: in Alertmanager's namespace for `upkeep`, in each service's for `shared`. */
const secretValue = z.strictObject({
  secret: text("the name of a Secret"),
  key: text("a key of the Secret"),
});

/** Where a team's alerts go. */
const receiver = z.strictObject({
  /** A PagerDuty integration of the Events API v2: its routing key. */
  pagerduty: secretValue.optional(),
  /** A Slack incoming webhook: its URL. */
  slack: secretValue.extend({ channel: text("a channel such as #alerts", /^#/) }).optional(),
  email: secretValue
    .extend({
      to: text("an address", /@/),
      from: text("an address", /@/),
      /** host:port of the mail server. */
      smarthost: text("host:port", /:\d+$/),
      username: text("a user of the mail server"),
    })
    .optional(),
  /** A status page's webhook: its URL. */
  statusPage: secretValue.optional(),
});

export type Receiver = z.output<typeof receiver>;

/** Where pods may send traffic. */
const networks = z.array(z.strictObject({ cidr: z.cidrv4(), port: z.int().min(1).max(65_535) })).min(1);

const schema = z.strictObject({
  /** Names of the services to maintain. */
  services: z.array(text("the name of a service"), { error: "a list of services" }).min(1, "at least one service"),
  /** Names of services that are no longer maintained: all goes but the bucket with their backups. */
  retired: z.array(text("the name of a service")).default([]),
  kubernetes: z.strictObject({
    /** The context of the kubeconfig to use: named, so that nothing is ever deployed to whatever cluster is current. */
    context: text("the name of a context of the kubeconfig"),
    /** Path of the kubeconfig; the user's own where left out. */
    kubeconfig: text("a path").optional(),
    /** Where jobs find the cluster's DNS. */
    dnsNamespace: text("a namespace").default("kube-system"),
    /**
     * Where the API server is, as pods that talk to it see it. A NetworkPolicy judges the server's own address and port, behind
     * `kubernetes.default.svc`: 443 where the provider runs it, 6443 where nodes of the cluster do.
     */
    apiEgress: networks.default([
      { cidr: "0.0.0.0/0", port: 443 },
      { cidr: "0.0.0.0/0", port: 6443 },
    ]),
  }),
  aws: z.strictObject({
    account,
    region,
    profile: text("a profile of the AWS configuration").optional(),
    configFiles: z.array(z.string()).optional(),
    credentialsFiles: z.array(z.string()).optional(),
    /** Whether buckets are addressed in the path, as S3-compatible servers need it. */
    pathStyle: z.boolean().default(false),
  }),
  images: z
    .strictObject({
      /** Host, and path where it has one, of a registry that mirrors the vendors' repositories. */
      registry: text("a registry without scheme, such as registry.example.com/mirror", /^[\w.:/-]+$/).optional(),
    })
    .default({}),
  /** What differs here from the services' declarations. A key that names nothing declared is refused. */
  differs: z
    .strictObject({
      /** Namespaces, by the declared one. */
      namespaces: z.record(z.string(), text("a namespace", /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)).default({}),
      /** Where endpoints are, by the scheme and host that is declared, such as `https://api.example.com`. */
      origins: z.record(z.string(), z.url({ protocol: /^https?$/ })).default({}),
      /** Sizes of datastores, by `<service>/<datastore>`. */
      sizes: z.record(z.string(), text("a size such as 20Gi", /^\d+(Ki|Mi|Gi|Ti)$/)).default({}),
      /**
       * Who can read exported Secrets, by `<service>/<datastore>` of a datastore of configuration: an X25519 recipient of age.
       * Where none is named no Secret is exported.
       */
      recipients: z.record(z.string(), text("a recipient of age, as age-keygen prints it", /^age1/)).default({}),
      /** Bounds of autoscalers, by `<service>/<workload>`. */
      autoscale: z.record(z.string(), z.strictObject({ min: count, max: count })).default({}),
    })
    .prefault({}),
  /** What the cluster has. docs/features.md says what happens where one is missing. */
  features: z.strictObject({
    /** Whether prometheus-operator reads PrometheusRules and Probes; else rules are files in ConfigMaps. */
    prometheusOperator: z.boolean(),
    /** Where blackbox exporter answers, such as `blackbox-exporter.monitoring.svc:9115`; else the health monitor asks the endpoints. */
    blackboxExporter: text("host:port", /^[\w.-]+:\d+$/).optional(),
    /** Whether kube-state-metrics is scraped: without it nothing tells of a job that stopped. */
    kubeStateMetrics: z.boolean(),
    /** Whether the metrics API serves: without it no autoscaler acts. */
    metricsServer: z.boolean(),
    /** Whether volumes can be cloned: what CSI drivers call CLONE_VOLUME. */
    csiClones: z.boolean().default(false),
  }),
  backups: z.strictObject({
    identity,
    /** S3 as pods reach it; AWS's own address where left out. */
    endpoint: z.url().optional(),
    /** A ConfigMap in each service's namespace whose `ca.crt` signed the endpoint's certificate; public authorities where left out. */
    certificateAuthority: text("the name of a ConfigMap").optional(),
    /** Encryption at rest: with a KMS key of the bucket's own, or with the server's. */
    encryption: z.enum(["kms", "s3"]).default("kms"),
    /** Whether the bucket's policy may demand conditional puts: S3 knows the condition, S3-compatible servers may not. */
    conditionalPutPolicy: z.boolean().default(true),
    /** Where the second copy of every backup lies; left out where one copy is enough. */
    replica: z
      .strictObject({
        region,
        /** The account of the second copy, where it is another: whoever takes over the first cannot delete both. */
        account: account.optional(),
        /** The profile of the AWS configuration by which Pulumi reaches that account. */
        profile: text("a profile of the AWS configuration").optional(),
      })
      .optional(),
    /** Whether each access to a bucket is logged, in a log bucket beside it. */
    accessLogs: z.boolean().default(false),
    /** ARN of the role that deploys: it alone may then change a bucket's policy, lock, lifecycle, versioning and replication. */
    deployRole: text("the ARN of an IAM role", /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/).optional(),
    /** Where pods may send S3 traffic. */
    egress: networks.default([{ cidr: "0.0.0.0/0", port: 443 }]),
  }),
  monitoring: z.strictObject({
    /** Labels by which Prometheus selects its rules. */
    ruleLabels: labels,
    /** Labels by which Prometheus selects its probes. */
    probeLabels: labels,
    /** Labels by which Grafana's sidecar selects dashboards. */
    dashboardLabels: labels,
    /** How long Prometheus keeps its series: what is counted over 30 days needs 31. */
    retention: text("a duration such as 31d", /^\d+[smhdw]$/),
    /** How often Prometheus scrapes its targets, and how often it evaluates rules. */
    scrapeInterval: text("a duration such as 30s", /^\d+[smhdw]$/).default("30s"),
    /** Each replica of Alertmanager, as pods reach it: an alert goes to every one. */
    alertmanagers: z.array(z.url({ protocol: /^https?$/ })).min(1, "at least one"),
    /** Where people read the pages of runbooks/, without the last slash: alerts link there. */
    runbooks: z.url({ protocol: /^https?$/ }),
  }),
  alerting: z.strictObject({
    /**
     * Whose Alertmanager it is: `upkeep` writes its whole configuration, as a Secret; `shared` adds an AlertmanagerConfig per
     * service beside what others declare.
     */
    owner: z.enum(["upkeep", "shared"], { error: "upkeep or shared" }),
    /** Where Alertmanager runs, and its configuration lies. */
    namespace: text("a namespace"),
    /** Whether critical alerts wake somebody; else they go where warnings go. */
    pages: z.boolean({ error: "true or false" }),
    /** Where each channel leads, by the owning team; `default` is for every other. */
    receivers: z.record(z.string(), receiver),
  }),
});

/** What differs per environment, from the stack's configuration. */
export type Environment = z.output<typeof schema> & { name: string };

/** The `upkeep:` settings among those of a stack, without that prefix. */
export function upkeepSettings(config: Record<string, unknown>): Record<string, unknown> {
  const prefix = "upkeep:";
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/**
 * @param name the stack's name
 * @param configuration the stack's `upkeep:` settings, parsed from JSON where they are structured
 * @throws DeclarationError naming each key, its value, what is allowed and how to fix it
 */
export function parseEnvironment(name: string, configuration: Record<string, unknown>): Environment {
  const result = schema.safeParse(configuration);
  if (result.success) return { name, ...result.data };
  refuseFaults(
    `environment "${name}"`,
    result.error.issues.map((issue) => faultOf(issue, name, configuration)),
  );
  throw result.error;
}

function faultOf(issue: z.core.$ZodIssue, stack: string, configuration: unknown): Fault {
  const unknownKeys = issue.code === "unrecognized_keys" ? issue.keys : [];
  const path = [...issue.path, ...unknownKeys.slice(0, 1)].map(String);
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], configuration);
  const key = `upkeep:${path.join(".")}`;
  return {
    path: `${key} in Pulumi.${stack}.yaml`,
    got: value === undefined ? undefined : JSON.stringify(value),
    allowed: unknownKeys.length > 0 ? "no such key" : issue.message,
    fix:
      unknownKeys.length > 0
        ? `pulumi config rm --path ${key} --stack ${stack}`
        : `pulumi config set --path ${key} <value> --stack ${stack}`,
  };
}
