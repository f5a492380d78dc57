import assert from "node:assert/strict";
import { AlertTest } from "../../components/alerting/alertTest.ts";
import { MaintainedService } from "../../components/service.ts";
import { environmentOf } from "../support/environment.ts";
import { hardeningFaults } from "../support/hardening.ts";
import { shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

const environment = environmentOf("prod");

describe("a job that a person starts", () => {
  let resources: Registered[];
  before(async () => {
    resources = await registered(() => new AlertTest("test", { environment, service: shop }));
  });
  const one = (type: string) => {
    const found = resources.filter((resource) => resource.type.endsWith(`:${type}`));
    assert.equal(found.length, 1);
    return (found[0] as Registered).inputs as Fields;
  };

  it("is a suspended CronJob that says so, what it is for and how it is started", () => {
    const { metadata, spec } = one("CronJob");
    assert.equal(metadata.name, "shop-alert-test");
    assert.equal(spec.suspend, true);
    assert.equal(metadata.labels["upkeep/on-demand"], "true");
    assert.deepEqual(metadata.annotations, {
      "upkeep/purpose": "posts a test alert, to show whether it arrives",
      "upkeep/start": "kubectl --namespace shop create job --from=cronjob/shop-alert-test shop-alert-test-$(date +%s)",
    });
  });

  it("links the test alert to the service's dashboard where Grafana is named", async () => {
    const text = async (grafana?: string) =>
      JSON.stringify(
        await registered(() => {
          const { grafana: _, ...others } = environment.monitoring;
          const monitoring = { ...others, ...(grafana && { grafana }) };
          new AlertTest("test", { environment: { ...environment, monitoring }, service: shop });
        }),
      );
    const named = await text("https://grafana.example.com");
    // A rule's alert, and the posted one, which is in JSON within JSON.
    assert.match(named, /"dashboard_url":"https:\/\/grafana\.example\.com\/d\/shop_prod"/);
    assert.match(named, /\\"dashboard\\":\\"https:\/\/grafana\.example\.com\/d\/shop_prod\\"/);
    assert.doesNotMatch(await text(), /grafana\.example|\\"dashboard\\"/);
  });

  it("is as hardened as every other CronJob", () => {
    assert.deepEqual(hardeningFaults(one("CronJob").spec), []);
  });

  it("is not retried, and its Job is deleted after a day", () => {
    const { spec } = one("CronJob").spec.jobTemplate;
    assert.deepEqual([spec.backoffLimit, spec.ttlSecondsAfterFinished], [0, 86_400]);
  });

  it("has an alert on its failure, and none on its absence", () => {
    assert.deepEqual(
      one("PrometheusRule").spec.groups[0].rules.map(({ alert }: Fields) => alert),
      ["MaintenanceJobFailed"],
    );
  });

  it("names its runs as the alert on failed runs knows them", () => {
    const [rule] = one("PrometheusRule").spec.groups[0].rules;
    const pattern = /job_name=~"([^"]+)"/.exec(rule.expr)?.[1];
    assert.match(`shop-alert-test-${Math.floor(Date.now() / 1000)}`, new RegExp(`^${pattern}$`));
  });

  it("leaves scheduled jobs without that label, and unsuspended", async () => {
    const all = await registered(() => new MaintainedService("shop", { environment, service: shop }));
    const scheduled = all
      .filter(({ type }) => type.endsWith(":CronJob"))
      .map(({ inputs }) => inputs as Fields)
      .filter(({ metadata }) => metadata.labels["upkeep/on-demand"] === undefined);
    assert.ok(scheduled.some(({ metadata }) => metadata.name === "shop-health-monitor"));
    for (const { spec } of scheduled)
      assert.deepEqual([spec.suspend, spec.jobTemplate.spec.ttlSecondsAfterFinished], [false, undefined]);
  });
});
