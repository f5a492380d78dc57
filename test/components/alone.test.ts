import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ServiceObjectives } from "../../components/alerting/serviceObjectives.ts";
import { PostgresBackup } from "../../components/datastores/postgres.ts";
import { MaintenanceJob } from "../../components/jobs/maintenanceJob.ts";
import { postgres, secret } from "../../domain/declaration/datastore.ts";
import { backup } from "../../domain/declaration/service.ts";
import { assumed, guide } from "../../domain/values/sourced.ts";
import { refusal, refused } from "../support/refused.ts";
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

  /** All that a backup reads of an environment. */
  const backedUp = {
    ...environment,
    kubernetes: { ...environment.kubernetes, apiEgress: [] },
    features: { ...environment.features, csiClones: false },
    images: {},
    aws: { account: "111111111111", region: "eu-central-1" },
    backups: { identity: { oidcProvider: "oidc.example.com/id/ONE" }, egress: [{ cidr: "0.0.0.0/0", port: 443 }] },
  };
  const orders = (schedule: string, bucketName: pulumi.Input<string>) =>
    new PostgresBackup("orders", {
      environment: backedUp,
      service: {
        name: "shop",
        namespace: "shop",
        objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
      },
      datastore: postgres("orders", {
        host: pulumi.output("orders.example.com"),
        version: 17,
        database: "orders",
        size: assumed("20Gi"),
        credentials: secret(pulumi.output("orders-credentials")),
      }),
      backup: backup("orders", {
        job: "orders-backup",
        schedule: assumed(schedule),
        keep: { daily: assumed("30d") },
        prefix: "orders/",
        startingDeadline: "30m",
        deadline: "45m",
        undrilled: "it is drilled elsewhere",
      }),
      bucket: { bucketName },
    });

  it("backs a database up into a bucket of one's own", async () => {
    let alone: PostgresBackup | undefined;
    const found = await registered(() => {
      alone = orders("0 2 * * *", pulumi.output("acme-backups"));
    });
    assert.ok(alone?.cronJob);
    const [job] = found.filter(({ type }) => type === "kubernetes:batch/v1:CronJob");
    const pod = JSON.stringify(job?.inputs);
    for (const value of ["acme-backups", "orders.example.com", "orders-credentials"])
      assert.ok(pod.includes(value), value);
    const [policy] = found.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.match(String(policy?.inputs.policy), /arn:aws:s3:::acme-backups\/orders\//);
    assert.ok(!JSON.stringify(found).includes("upkeep-output-"), "a placeholder was left");
  });

  it("refuses a backup that cannot keep the recovery point", () => {
    assert.deepEqual(refused(refusal(() => orders("0 2 * * 0", "acme-backups"))), [
      ["recovery-point-missed", "backups[0].schedule"],
    ]);
  });
});
