import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import type { Service } from "../../domain/declaration/service.ts";
import { exemptionsInDate } from "../../policies/exemptions-in-date.ts";
import { policies } from "../../policies/policies.ts";
import { judgeStack, type Resource } from "../../policies/testing.ts";
import { resourcesOf } from "./ownServices.ts";
import { set } from "./set.ts";
import { resourceOf } from "./violations.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
const CONTAINER = "spec.jobTemplate.spec.template.spec.containers.0";
const RULE = "spec.groups.0.rules.0";
const SERVICE = "upkeep:index:MaintainedService";

/** One mistake in prod for each policy: in which resource, and what it makes of it. */
const mutators: Record<string, [type: string, name: string, mistake: (props: object, resource: Resource) => unknown]> =
  {
    "alert-actionable": [
      RULES,
      "shop-orders-alerts",
      (props) => set(props, `${RULE}.annotations.runbook_url`, undefined),
    ],
    "alert-well-formed": [RULES, "shop-orders-alerts", (props) => set(props, `${RULE}.labels.severity`, "page")],
    "backup-fails-loudly": [
      CRONJOB,
      "shop-orders-cronjob",
      (props) => set(props, `${CONTAINER}.command`, ["sh", "-c", "set -e\npg_dump orders | gzip > dump.gz"]),
    ],
    "backup-watched": [RULES, "shop-orders-alerts", (props) => set(props, "spec.groups.0.rules", [])],
    "bucket-hardened": [
      "aws:s3/bucketVersioning:BucketVersioning",
      "shop-backups-versioning",
      (props) => set(props, "versioningConfiguration.status", "Suspended"),
    ],
    "critical-reaches-a-person": ["kubernetes:core/v1:Secret", "alert-routes-configuration", withoutChannels],
    "cronjob-ends-and-starts": [
      CRONJOB,
      "shop-orders-cronjob",
      (props) => set(props, "spec.concurrencyPolicy", "Allow"),
    ],
    "datastore-covered": [SERVICE, "shop", (props) => (props as { service: Service }).service.backups.splice(1, 1)],
    "drill-declared": [SERVICE, "shop", (props) => set(props, "service.backups.0.drill", undefined)],
    "image-pinned": [
      CRONJOB,
      "shop-orders-cronjob",
      (props) => set(props, `${CONTAINER}.image`, "registry.example.com/a:latest"),
    ],
    "least-privilege": [
      "kubernetes:rbac.authorization.k8s.io/v1:Role",
      "shop-configuration-role",
      (props) => set(props, "rules.0.verbs", ["*"]),
    ],
    "no-inline-secret": [
      CRONJOB,
      "shop-orders-cronjob",
      (props) => set(props, `${CONTAINER}.env`, [{ name: "PGPASSWORD", value: "correct-horse" }]),
    ],
    "pod-restricted": [
      CRONJOB,
      "shop-orders-cronjob",
      (props) => set(props, "spec.jobTemplate.spec.template.spec.hostNetwork", true),
    ],
    "protect-what-holds-data": [
      "aws:s3/bucket:Bucket",
      "shop-backups-bucket",
      (_, resource) => set(resource, "protect", false),
    ],
    "quantity-and-zone-valid": [
      CRONJOB,
      "shop-health-monitor-cronjob",
      (props) => set(props, "spec.timeZone", "Mars/Olympus"),
    ],
    "recovery-point-kept": [
      CRONJOB,
      "shop-orders-cronjob",
      (props) => set(props, "metadata.annotations", { "upkeep/recovery-point": "1h" }),
    ],
    "resources-set": [
      CRONJOB,
      "shop-orders-cronjob",
      (props) => set(props, `${CONTAINER}.resources.limits.memory`, undefined),
    ],
  };

/** Takes every receiver's channels away. */
function withoutChannels(props: object): void {
  const data = (props as { stringData: { value: Record<string, string> } }).stringData.value;
  const configuration = parse(data["alertmanager.yaml"] ?? "") as { receivers: { name: string }[] };
  data["alertmanager.yaml"] = stringify({
    ...configuration,
    receivers: configuration.receivers.map(({ name }) => ({ name })),
  });
}

describe("one mistake in prod", function () {
  this.timeout("2m");
  let prod: Resource[];
  before(async () => {
    prod = (await resourcesOf("prod")).map(resourceOf);
    assert.deepEqual(judgeStack(prod), []);
  });

  // exemptions-in-date judges the configuration, not a resource.
  for (const { name } of policies.filter(({ name }) => name !== exemptionsInDate.name)) {
    it(`is refused by ${name}, and by no other policy`, () => {
      const [type, of, mistake] = mutators[name] ?? assert.fail(`${name} has no mutator`);
      const stack = structuredClone(prod);
      const resource = stack.find((one) => one.name === `${of} ${type}`) ?? assert.fail(`prod has no ${of}`);
      mistake(resource.props, resource);
      const reports = judgeStack(stack);
      assert.deepEqual([...new Set(reports.map(({ policy, level }) => `${policy} ${level}`))], [`${name} mandatory`]);
    });
  }
});
