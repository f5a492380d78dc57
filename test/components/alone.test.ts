import assert from "node:assert/strict";
import { ServiceObjectives } from "../../components/alerting/serviceObjectives.ts";
import { MaintenanceJob } from "../../components/jobs/maintenanceJob.ts";
import { guide } from "../../domain/values/sourced.ts";
import { registered } from "./resources.ts";

/** All that these components read of an environment. */
const environment = {
  name: "prod",
  kubernetes: { dnsNamespace: "kube-system" },
  features: { prometheusOperator: true },
  monitoring: { ruleLabels: { release: "prometheus" }, runbooks: "https://runbooks.example.com", retention: "31d" },
};

describe("a component without a whole service", () => {
  it("makes the rules of an objective alone", async () => {
    let objectives: ServiceObjectives | undefined;
    const found = await registered(() => {
      objectives = new ServiceObjectives("shop", {
        environment,
        service: {
          name: "shop",
          namespace: "shop",
          indicators: { requests: { total: "http_requests_total", failed: 'code=~"5.."' } },
          endpoints: [],
          objectives: { availability: guide("99.9%") },
        },
      });
    });
    const kinds = found.map(({ type, inputs }) => [type, inputs.kind]);
    assert.deepEqual(kinds, [
      ["upkeep:alerting:ServiceObjectives", undefined],
      ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", "PrometheusRule"],
    ]);
    assert.ok(objectives?.rules);
  });

  it("makes a maintenance job alone", async () => {
    let job: MaintenanceJob | undefined;
    const found = await registered(() => {
      job = new MaintenanceJob("tidy", {
        environment,
        service: "shop",
        namespace: "shop",
        job: "tidy",
        schedule: "0 2 * * *",
        startingDeadline: "10m",
        deadline: "30m",
        steps: [
          {
            name: "tidy",
            image: "docker.io/library/debian:13.1",
            program: "true",
            user: 1000,
            memory: "64Mi",
            environment: [],
          },
        ],
        scratch: "1Mi",
        egress: [],
        staleSeverity: "warning",
      });
    });
    assert.ok(found.some(({ type }) => type === "kubernetes:batch/v1:CronJob"));
    assert.ok(job?.cronJob);
  });
});
