import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { MaintenanceJob, type MaintenanceJobArgs } from "../../components/jobs/maintenanceJob.ts";
import type { Step } from "../../components/jobs/pod.ts";
import { environmentOf } from "../support/environment.ts";
import { refused } from "../support/refused.ts";
import { refusal } from "./refusal.ts";
import { registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
type Fields = Record<string, any>;

const step: Omit<Step, "name" | "program"> = { image: "i", user: 1000, environment: [], memory: "64Mi" };

const args: MaintenanceJobArgs = {
  environment: environmentOf("prod"),
  service: "shop",
  namespace: "shop",
  job: "shop-monthly",
  schedule: "0 6 1-7 * *",
  only: { weekday: "saturday" },
  startingDeadline: "30m",
  deadline: "4h",
  steps: [
    { ...step, name: "first", program: "echo did first" },
    { ...step, name: "second", program: "echo did second" },
  ],
  scratch: "64Mi",
  egress: [],
  staleSeverity: "warning",
};

async function programs(job: MaintenanceJobArgs): Promise<string[]> {
  const found = await registered(() => new MaintenanceJob(job.job, job));
  const cronJob = found.find(({ type }) => type === "kubernetes:batch/v1:CronJob")?.inputs as Fields;
  const { initContainers, containers } = cronJob.spec.jobTemplate.spec.template.spec;
  return [...initContainers, ...containers].map(({ command }: { command: string[] }) => String(command[2]));
}

/** What a program prints on a day, by `date +%u`: Monday is 1. @throws when it fails */
function run(program: string, day: number): string {
  return execFileSync("bash", ["-c", `date() { [ "$*" = "-u +%u" ] && echo ${day}; }\n${program}`], {
    encoding: "utf8",
  });
}

describe("a guarded maintenance job", () => {
  it("does its work in every step on the guard's weekday, and on any other succeeds and says why", async () => {
    const [first = "", second = ""] = await programs(args);
    assert.deepEqual([run(first, 6), run(second, 6)], ["did first\n", "did second\n"]);
    for (const program of [first, second]) {
      assert.equal(run(program, 5), "It is not saturday in UTC: nothing to do.\n");
    }
  });

  it("leaves its programs as they are without a guard", async () => {
    const { only: _, ...unguarded } = args;
    assert.deepEqual(await programs(unguarded), ["echo did first", "echo did second"]);
  });

  it("is refused where cron would join its two day fields by OR", async () => {
    const { faults, made } = await refusal(() => new MaintenanceJob("joined", { ...args, schedule: "0 6 1-7 * 6" }));
    assert.deepEqual(refused(faults), [["schedule-days-joined", "schedule"]]);
    assert.deepEqual(made, []);
  });
});
