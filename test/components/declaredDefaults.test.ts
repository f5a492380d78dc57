import assert from "node:assert/strict";
import { MaintainedService } from "../../components/service.ts";
import { environmentOf } from "../support/environment.ts";
import { shop } from "../support/shop.ts";
import { registered } from "./resources.ts";

const environment = environmentOf("prod");

interface CronJob {
  metadata: { name: string; labels: Record<string, string> };
  spec: { suspend?: boolean; jobTemplate: { spec: Record<string, unknown> } };
}

/** A change by hand of a field that is not declared is not found: the provider compares declared fields. */
describe("Kubernetes's defaults that a promise needs", () => {
  let cronJobs: CronJob[];
  before(async () => {
    const all = await registered(() => new MaintainedService("shop", { environment, service: shop }));
    cronJobs = all.filter(({ type }) => type.endsWith(":CronJob")).map(({ inputs }) => inputs as unknown as CronJob);
    assert.ok(cronJobs.length > 5);
  });

  it("are declared: a job is not suspended, unless a person starts it", () => {
    for (const { metadata, spec } of cronJobs) {
      assert.equal(spec.suspend, "upkeep/on-demand" in metadata.labels, metadata.name);
    }
  });

  it("are declared: a run starts, as one pod", () => {
    for (const { metadata, spec } of cronJobs) {
      const { suspend, completions, parallelism } = spec.jobTemplate.spec;
      assert.deepEqual(
        { suspend, completions, parallelism },
        { suspend: false, completions: 1, parallelism: 1 },
        metadata.name,
      );
    }
  });
});
