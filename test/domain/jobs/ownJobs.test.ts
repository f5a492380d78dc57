import assert from "node:assert/strict";
import type { OwnJob } from "../../../domain/declaration/ownJob.ts";
import { declarationFaults, sharedNameFaults } from "../../../domain/declarationFaults.ts";
import { posture } from "../../../domain/posture.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { reindexing, weekly } from "../../support/ownJob.ts";
import { shop } from "../../support/shop.ts";

const environment = environmentOf("prod");
const { runs } = reindexing;

/** The codes and paths of a service's faults with one such job. */
function faults(changes: Partial<OwnJob>): string[] {
  const service = { ...shop, windows: [weekly], ownJobs: [{ ...reindexing, ...changes }] };
  return declarationFaults(service, environment).map(({ code, path }) => `${code} ${path}`);
}

describe("a job of the service's own", () => {
  it("holds by a schedule within its window", () => {
    assert.deepEqual(faults({}), []);
  });

  it("holds without a schedule, for a person to start", () => {
    const { runs: _, ...byHand } = reindexing;
    assert.deepEqual(declarationFaults({ ...shop, ownJobs: [byHand] }, environment), []);
  });

  it("is refused where a run may go on after its window", () => {
    assert.deepEqual(faults({ deadline: "91m" }), ["run-outside-window ownJobs[0].runs.schedule"]);
    assert.deepEqual(faults({ runs: { ...runs, startingDeadline: "16m" } }), [
      "run-outside-window ownJobs[0].runs.schedule",
    ]);
  });

  it("is refused for a window that the service does not declare", () => {
    assert.deepEqual(faults({ runs: { ...runs, window: "nightly" } }), ["unknown-window ownJobs[0].runs.window"]);
  });

  it("is refused for times that do not work together, at their own fields", () => {
    assert.deepEqual(faults({ deadline: "8d" }), ["deadline-outlasts-interval ownJobs[0].deadline"]);
    assert.deepEqual(faults({ runs: { ...runs, startingDeadline: "5s" } }), [
      "starting-deadline-too-short ownJobs[0].runs.startingDeadline",
    ]);
    assert.deepEqual(faults({ runs: { ...runs, schedule: guide("60 2 * * 0") } }), [
      "schedule-unreadable ownJobs[0].runs.schedule",
    ]);
  });

  it("is refused in an image that can change", () => {
    assert.deepEqual(faults({ image: "registry.example.com/shop:latest" }), ["image-tag-moves ownJobs[0].image"]);
  });

  it("is refused for a variable that is set twice, and for HOME", () => {
    const secrets = { TOKEN: { secret: "shop-token", key: "token" } };
    assert.deepEqual(faults({ secrets, variables: { TOKEN: "x" } }), [
      "variable-declared-twice ownJobs[0].secrets.TOKEN",
    ]);
    assert.equal(faults({ variables: { HOME: "/root" } }).length, 1);
  });

  it("is refused for a limit of CPU below the request, with what the service declares", () => {
    assert.deepEqual(faults({ jobs: { resources: { limits: { cpu: "50m" } } } }), [
      "cpu-limit-below-request ownJobs[0].jobs.resources.limits.cpu",
    ]);
  });

  it("is refused where it has another job's name", () => {
    const taken = { ...reindexing, name: shop.backups[0]?.job ?? "" };
    assert.deepEqual(
      sharedNameFaults([{ ...shop, ownJobs: [taken] }]).map(({ code }) => code),
      ["name-shared"],
    );
  });

  it("is part of the posture, by its schedule or by hand", () => {
    const { runs: _, ...byHand } = reindexing;
    const [service] = posture(environment, [
      { ...shop, windows: [weekly], ownJobs: [reindexing, { ...byHand, name: "shop-smoke" }] },
    ]).services;
    assert.deepEqual(service?.jobs, [
      { job: `${shop.namespace}/shop-reindex`, runs: "15 2 * * 0", source: "guide", window: "weekly" },
      { job: `${shop.namespace}/shop-smoke`, runs: "when a person starts it" },
    ]);
    assert.equal(posture(environment, [shop]).services[0]?.jobs, undefined);
  });
});
