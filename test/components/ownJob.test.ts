import assert from "node:assert/strict";
import { OwnJob } from "../../components/jobs/ownJob.ts";
import { MaintainedService } from "../../components/service.ts";
import type { OwnJob as Declared } from "../../domain/declaration/ownJob.ts";
import { environmentOf } from "../support/environment.ts";
import { hardeningFaults } from "../support/hardening.ts";
import { reindexing, weekly } from "../support/ownJob.ts";
import { shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

const environment = environmentOf("prod");
const service = { ...shop, windows: [weekly] };
const declared = (job: Declared) => registered(() => new OwnJob("own", { environment, service, job }));

function one(resources: Registered[], type: string): Fields {
  const found = resources.filter((resource) => resource.type.endsWith(`:${type}`));
  assert.equal(found.length, 1, type);
  return (found[0] as Registered).inputs as Fields;
}

const alerts = (resources: Registered[]) =>
  one(resources, "PrometheusRule").spec.groups[0].rules.map(({ alert, labels }: Fields) => [alert, labels.severity]);

describe("a job of the service's own", () => {
  let resources: Registered[];
  before(async () => {
    resources = await declared({
      ...reindexing,
      command: ["shop", "echo", "$(HOME) costs $5 and $$"],
      variables: { API: "http://shop/$(HOME)" },
      secrets: { TOKEN: { secret: "shop-token", key: "token" } },
      egress: [{ host: "postgresql", port: 5432 }],
      jobs: { nodeSelector: { disk: "fast" } },
    });
  });

  it("runs the image's program by its schedule, with each argument as it is written", () => {
    const { spec, metadata } = one(resources, "CronJob");
    assert.deepEqual(
      [metadata.name, metadata.namespace, spec.schedule, spec.suspend, spec.startingDeadlineSeconds],
      ["shop-reindex", shop.namespace, "15 2 * * 0", false, 900],
    );
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    assert.equal(container.image, "registry.example.com/shop:1.4.2");
    // The kubelet makes one dollar of two.
    assert.deepEqual(container.command, ["shop", "echo", "$$(HOME) costs $$5 and $$$$"]);
    assert.deepEqual(container.env, [
      { name: "HOME", value: "/tmp" },
      { name: "API", value: "http://shop/$$(HOME)" },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "shop-token", key: "token" } } },
    ]);
  });

  it("is as hardened as every other CronJob, as the user of its image, where its service's jobs run", () => {
    const { spec } = one(resources, "CronJob");
    assert.deepEqual(hardeningFaults(spec as never), []);
    const pod = spec.jobTemplate.spec.template.spec;
    assert.equal(pod.containers[0].securityContext.runAsUser, 1000);
    assert.deepEqual(pod.nodeSelector, { disk: "fast" });
  });

  it("is not retried unless that is declared, and ends by its deadline", async () => {
    const of = (found: Registered[]) => one(found, "CronJob").spec.jobTemplate.spec;
    assert.deepEqual([of(resources).backoffLimit, of(resources).activeDeadlineSeconds], [0, 5400]);
    assert.equal(of(await declared({ ...reindexing, retries: 2 })).backoffLimit, 2);
  });

  it("connects to DNS and to what is declared alone", () => {
    const [dns, ...others] = one(resources, "NetworkPolicy").spec.egress;
    assert.deepEqual(
      dns.ports.map(({ port }: Fields) => port),
      [53, 53],
    );
    assert.deepEqual(others, [{ to: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 5432 }] }]);
  });

  it("has the alerts of a maintenance job, warnings unless more is declared", async () => {
    const names = ["MaintenanceJobStale", "MaintenanceJobMissing", "MaintenanceJobSuspended", "MaintenanceJobFailed"];
    assert.deepEqual(
      alerts(resources),
      names.map((name) => [name, "warning"]),
    );
    const paging = await declared({ ...reindexing, runs: { ...reindexing.runs, severity: "critical" } });
    assert.deepEqual(alerts(paging).slice(0, 2), [
      ["MaintenanceJobStale", "critical"],
      ["MaintenanceJobMissing", "critical"],
    ]);
  });

  it("is suspended, and says how it is started, where only a person starts it", async () => {
    const { runs: _, ...byHand } = reindexing;
    const found = await declared(byHand);
    const { spec, metadata } = one(found, "CronJob");
    assert.equal(spec.suspend, true);
    assert.deepEqual(metadata.annotations, {
      "upkeep/purpose": "rebuilds the search index",
      "upkeep/start": `kubectl --namespace ${shop.namespace} create job --from=cronjob/shop-reindex shop-reindex-$(date +%s)`,
    });
    assert.deepEqual(alerts(found), [["MaintenanceJobFailed", "warning"]]);
  });

  it("is refused before any child exists", async () => {
    await assert.rejects(
      async () => {
        await declared({ ...reindexing, deadline: "91m" });
      },
      { name: "DeclarationError" },
    );
  });

  it("is one of the service's parts", async () => {
    const all = await registered(
      () => new MaintainedService("shop", { environment, service: { ...service, ownJobs: [reindexing] } }),
    );
    const own = all.filter(({ type }) => type === "upkeep:jobs:OwnJob");
    assert.deepEqual(
      own.map(({ name }) => name),
      ["shop-shop-reindex"],
    );
  });
});
