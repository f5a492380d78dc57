import assert from "node:assert/strict";
import { HealthMonitor } from "../../components/health/healthMonitor.ts";
import { redis } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { refused } from "../support/refused.ts";
import { billing, keeping, shop as whole } from "../support/shop.ts";
import { refusal } from "./refusal.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

/** The shop with what the monitor asks by a protocol of its own, and a backup. */
const shop = keeping(whole, "orders", "cache");
const prod = environmentOf("prod");
const sandbox = environmentOf("sandbox");

const declare = (service: Service, environment = prod) =>
  registered(() => new HealthMonitor("health", { environment, service }));
const of = (resources: Registered[], type: string) =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ inputs }) => inputs as Fields);

describe("a health monitor", () => {
  let inProd: Registered[];
  let inSandbox: Registered[];
  before(async () => {
    inProd = await declare(shop);
    inSandbox = await declare(inEnvironment(shop, sandbox), sandbox);
  });
  const cronJob = (resources: Registered[]) => of(resources, "CronJob")[0] as Fields;
  const container = (resources: Registered[]) => cronJob(resources).spec.jobTemplate.spec.template.spec.containers[0];
  const env = (resources: Registered[], name: string) =>
    container(resources).env.find((entry: { name: string }) => entry.name === name)?.value;

  it("has blackbox exporter ask each endpoint, by Probes that Prometheus selects", () => {
    const probes = of(inProd, "Probe");
    assert.deepEqual(
      probes.map(({ metadata, spec }) => [metadata.name, spec.jobName, spec.targets.staticConfig.static.length]),
      [
        ["shop-api", "upkeep/shop/api", 1],
        ["shop-pages", "upkeep/shop/pages", 2],
      ],
    );
    for (const { metadata, spec } of probes) {
      assert.equal(metadata.labels.release, "kube-prometheus-stack");
      assert.equal(metadata.namespace, "shop");
      assert.deepEqual(spec.prober, { url: "blackbox-exporter.monitoring.svc:9115" });
      assert.deepEqual([spec.module, spec.interval], ["http_2xx", "15s"]);
    }
  });

  it("brings the endpoints' alerts in one object of rules", () => {
    const [health] = of(inProd, "PrometheusRule").filter(({ metadata }) => metadata.name === "shop-health");
    assert.deepEqual(
      health?.spec.groups.map(({ name }: Fields) => name),
      ["shop-health"],
    );
    assert.equal(health?.spec.groups[0].rules.length, 10);
  });

  it("makes neither Probes nor their alerts where no exporter is there", () => {
    assert.deepEqual(of(inSandbox, "Probe"), []);
    assert.deepEqual(
      of(inSandbox, "PrometheusRule").map(({ metadata }) => metadata.name),
      ["shop-health-monitor"],
    );
  });

  it("checks the rest by one CronJob, which waits for its next run instead of retrying", () => {
    assert.equal(of(inSandbox, "CronJob").length, 1);
    const { metadata, spec } = cronJob(inSandbox);
    assert.deepEqual([metadata.name, spec.schedule], ["shop-health-monitor", "*/5 * * * *"]);
    assert.equal(spec.jobTemplate.spec.backoffLimit, 0);
    assert.deepEqual([spec.successfulJobsHistoryLimit, spec.failedJobsHistoryLimit], [3, 1]);
    assert.equal(spec.suspend, false);
  });

  it("carries a TypeScript program for Node, as its vendor's image names the user", () => {
    const { command, image, securityContext } = container(inProd);
    assert.deepEqual(command.slice(0, 3), ["node", "--input-type=module", "--eval"]);
    assert.match(image, /^docker\.io\/library\/node:24\.\d+\.\d+-trixie-slim$/);
    assert.equal(securityContext.runAsUser, 1000);
  });

  it("passes the program its checks, and the Alertmanagers to notify", () => {
    const told = JSON.parse(env(inSandbox, "MONITOR"));
    assert.equal(told.checks.length, 7);
    assert.deepEqual(told.alertmanagers, ["http://alertmanager-operated.monitoring.svc:9093"]);
    assert.equal(JSON.parse(env(inProd, "MONITOR")).checks.length, 4);
  });

  it("looks up all its names at once", () => {
    assert.ok(Number(env(inSandbox, "UV_THREADPOOL_SIZE")) > 4);
  });

  it("lists manifests in S3, and may do nothing else there", () => {
    const role = inProd.find(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")?.inputs as Fields;
    assert.deepEqual(JSON.parse(role.policy).Statement, [
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: "arn:aws:s3:::shop-backups-prod-111111111111-eu-central-1",
        Condition: {
          StringLike: { "s3:prefix": ["database/manifests/*", "redis/manifests/*"] },
        },
      },
    ]);
    const [account] = of(inProd, "ServiceAccount");
    assert.equal(account?.metadata.annotations["eks.amazonaws.com/role-arn"], "arn:health-monitor");
  });

  it("takes its keys from the Secret, and trusts the authority, where the environment has them", () => {
    const { env: variables, volumeMounts } = container(inSandbox);
    const names = variables.map(({ name }: { name: string }) => name);
    for (const wanted of ["AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL_S3", "NODE_EXTRA_CA_CERTS"])
      assert.ok(names.includes(wanted), wanted);
    assert.ok(volumeMounts.some(({ mountPath }: { mountPath: string }) => mountPath === "/certificate-authority"));
  });

  it("may talk to DNS, the datastores, S3, the endpoints and Alertmanager, and to nothing else", () => {
    const { spec } = of(inSandbox, "NetworkPolicy")[0] as Fields;
    const pods = (namespace: string) => [
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
    ];
    assert.deepEqual(spec.egress.slice(1), [
      { to: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 5432 }] },
      { to: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 6379 }] },
      ...sandbox.backups.egress.map(({ cidr, port }) => ({
        to: [{ ipBlock: { cidr } }],
        ports: [{ protocol: "TCP", port }],
      })),
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
      { to: pods("monitoring") },
    ]);
  });

  it("may reach a datastore of another namespace there", async () => {
    const far = redis("far", { host: "redis", namespace: "database", size: assumed("1Gi") });
    const { spec } = of(await declare({ ...shop, datastores: [far] }), "NetworkPolicy")[0] as Fields;
    assert.deepEqual(spec.egress[1], {
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "database" } } }],
      ports: [{ protocol: "TCP", port: 6379 }],
    });
  });

  it("makes no CronJob where Probes see everything", async () => {
    const resources = await declare({ ...shop, datastores: [] });
    assert.deepEqual([of(resources, "CronJob").length, of(resources, "Probe").length], [0, 2]);
  });

  it("makes nothing for a service that has nothing to watch", async () => {
    const { monitor: _, ...bare } = { ...billing, datastores: [], endpoints: [] };
    assert.deepEqual(
      (await declare(bare)).map(({ type }) => type).filter((type) => type.startsWith("kubernetes:")),
      [],
    );
  });

  it("is refused before any resource is registered where no monitor is declared", async () => {
    const { monitor: _, ...service } = shop;
    const { faults, made } = await refusal(() => new HealthMonitor("health", { environment: prod, service }));
    assert.deepEqual(refused(faults), [["missing-monitor", "monitor"]]);
    assert.deepEqual(made, []);
  });
});
