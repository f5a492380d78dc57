import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1CronJob, V1Job, V1JobSpec, V1PodSpec } from "@kubernetes/client-node";
import { type JobAlertFacts, jobAlerts, jobRecords } from "../../domain/jobs/jobAlerts.ts";
import type { RuleGroup } from "../../domain/prometheus/rules.ts";
import { type Weekday, weekdays } from "../../domain/values/weekday.ts";
import { set, under } from "../faults/judge.ts";
import { judge, type Value } from "../rules/promtool.ts";
import { namespace } from "../story/job.ts";
import { environmentOf } from "../support/environment.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { type Exporter, type Scrape, samples, startExporter } from "./exporter.ts";

const BACKUP = "mplp-backup";
const DRILL = "mplp-drill";
/** The copies, and by what the rules know that kube-state-metrics is there. */
const SEEN = /"alerts-|^kube_deployment_created/;
const LONGEST_SECONDS = 150;
/** Longer than a daily backup's last success may be ago. */
const AFTERWARDS = 27 * 60;

/** Copies of what is deployed, which the controller runs each minute; each ends in its own way. */
const copies = {
  "alerts-good": { of: BACKUP },
  "alerts-bad": { of: BACKUP, pod: (pod: V1PodSpec) => set(pod, "dump", "PGPORT", "9") },
  "alerts-mended": { of: BACKUP, pod: (pod: V1PodSpec) => set(pod, "dump", "PGPORT", "9") },
  "alerts-suspended": { of: BACKUP, suspend: true },
  "alerts-deleted": { of: BACKUP, suspend: true },
  "alerts-drill": { of: DRILL },
};
type Copy = keyof typeof copies;

describe("the alerts of a backup, over what kube-state-metrics really exports", function () {
  this.timeout("8m");
  let sandbox: Sandbox;
  let exporter: Exporter;
  /** As the first runs had ended, and as the repaired job had run once more and one CronJob was deleted. */
  let scrapes: [Scrape, Scrape];
  const kubectl = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);

  before(async () => {
    sandbox = await sandboxUnderTest();
    exporter = await startExporter(sandbox.settings);
    await Promise.all(Object.keys(copies).map((name) => copy(name as Copy)));
    await Promise.all([
      ended("alerts-good", "Complete"),
      ended("alerts-bad", "Failed"),
      ended("alerts-mended", "Failed"),
      ended("alerts-drill", "Complete"),
    ]);
    for (const name of ["alerts-good", "alerts-bad", "alerts-drill"] as const) await patch(name, { suspend: true });
    await sleep(1000);
    const first = await exporter.scrape(SEEN);

    await copy("alerts-mended", (pod) => set(pod, "dump", "PGPORT", "5432"));
    await kubectl("delete", "cronjob", "alerts-deleted");
    await ended("alerts-mended", "Complete");
    await sleep(1000);
    scrapes = [first, await exporter.scrape(SEEN)];
  });
  after(async () => {
    await exporter?.stop();
    await kubectl("delete", "cronjob", "--ignore-not-found", ...Object.keys(copies));
  });

  it("shows every kind of run that the tests below are about", () => {
    const [first, second] = scrapes.map(({ values }) => [...values.keys()].join("\n"));
    assert.match(first as string, /kube_job_failed\{[^}]*job_name="alerts-bad-\d+"[^}]*condition="true"/);
    assert.match(first as string, /kube_job_status_completion_time\{[^}]*job_name="alerts-good-\d+"/);
    assert.match(first as string, /kube_cronjob_info\{[^}]*cronjob="alerts-deleted"/);
    assert.doesNotMatch(second as string, /alerts-deleted/);
  });

  it("MaintenanceJobFailed fires for a failed run, and ends with the next that completes", async () => {
    await expectFiring("alerts-bad", 0, {
      MaintenanceJobFailed: [
        [0, false],
        [30, true],
      ],
    });
    await expectFiring("alerts-good", 0, { MaintenanceJobFailed: [[30, false]] });
    await expectFiring("alerts-mended", 0, { MaintenanceJobFailed: [[30, true]] });
    await expectFiring("alerts-mended", 1, { MaintenanceJobFailed: [[30, false]] });
  });

  it("MaintenanceJobStale fires when the last success is too long ago, or there never was one", async () => {
    for (const name of ["alerts-good", "alerts-bad"] as const)
      await expectFiring(name, 0, {
        MaintenanceJobStale: [
          [60, false],
          [25 * 60, false],
          [26 * 60, true],
        ],
      });
  });

  it("MaintenanceJobSuspended fires for a suspended job", async () => {
    await expectFiring("alerts-suspended", 0, {
      MaintenanceJobSuspended: [
        [10, false],
        [20, true],
      ],
    });
    await expectFiring("alerts-mended", 0, { MaintenanceJobSuspended: [[20, false]] });
  });

  it("MaintenanceJobMissing fires for a deleted job", async () => {
    await expectFiring("alerts-deleted", 0, { MaintenanceJobMissing: [[20, false]] });
    await expectFiring("alerts-deleted", 1, {
      MaintenanceJobMissing: [
        [5, false],
        [30, true],
      ],
    });
  });

  it("DrillSlow compares how long the drill really took", async () => {
    const rules = await deployed("alerts-drill");
    const slow = JSON.parse(JSON.stringify(rules).replace(/> 11520"/, '> 0.5"')) as RuleGroup[];
    assert.notDeepEqual(slow, rules, "the deployed rule compares with another number");
    await expectFiring("alerts-drill", 0, { DrillSlow: [[30, false]] });
    await expectFiring("alerts-drill", 0, { DrillSlow: [[30, true]] }, slow);
  });

  it("a guarded job's run counts on the guard's day alone", async () => {
    const today = new Date(samples([scrapes[0]], 1).at * 60_000).getUTCDay();
    const guarded = (day: number): RuleGroup[] => {
      const facts: JobAlertFacts = {
        service: "mplp",
        namespace,
        job: "alerts-bad",
        staleAfter: 3600,
        severity: "warning",
        only: { weekday: weekdays[day % 7] as Weekday },
        environment: environmentOf("sandbox"),
      };
      return [{ name: "alerts-bad", rules: [...jobRecords(facts), ...jobAlerts(facts)] }];
    };
    await expectFiring("alerts-bad", 0, { MaintenanceJobFailed: [[30, true]] }, guarded(today));
    await expectFiring("alerts-bad", 0, { MaintenanceJobFailed: [[30, false]] }, guarded(today + 1));
  });

  it("ServiceWithoutEndpoints is silent about a Service with ready pods, and fires for one without any", async () => {
    const rules = JSON.parse(
      await kubectl("get", "prometheusrule", "mplp-alerts", "--output=jsonpath={.spec.groups}"),
    ) as RuleGroup[];
    const unserved = JSON.parse(
      JSON.stringify(rules).replaceAll("mplp-core-service-[", "alerts-unserved-["),
    ) as RuleGroup[];
    assert.notDeepEqual(unserved, rules, "the deployed rules do not hold the alert");
    await kubectl("create", "service", "clusterip", "alerts-unserved", "--tcp=80");
    try {
      let scrape = await exporter.scrape(/kube_endpointslice_/);
      for (let tries = 0; ![...scrape.values.keys()].some((key) => key.includes("alerts-unserved-")); tries++) {
        assert.ok(tries < 60, "the new Service has no slice");
        await sleep(500);
        scrape = await exporter.scrape(/kube_endpointslice_/);
      }
      for (const [groups, fires] of [
        [rules, false],
        [unserved, true],
      ] as const) {
        const { series, at } = samples([scrape], AFTERWARDS);
        const expr = `ALERTS{alertname="ServiceWithoutEndpoints", alertstate="firing"}`;
        await judge(groups, series, [{ at: `${at + 30}m`, expr, value: fires ? 1 : undefined }]);
      }
    } finally {
      await kubectl("delete", "service", "alerts-unserved");
    }
  });

  /** Makes or changes a copy of a deployed CronJob, due every minute. */
  async function copy(name: Copy, change?: (pod: V1PodSpec) => void): Promise<void> {
    const { of, ...how }: { of: string; pod?: (pod: V1PodSpec) => void; suspend?: boolean } = copies[name];
    const { spec, metadata } = JSON.parse(await kubectl("get", "cronjob", of, "--output=json")) as V1CronJob;
    const template = spec?.jobTemplate as { spec: V1JobSpec };
    template.spec.backoffLimit = 0;
    const pod = template.spec.template.spec as V1PodSpec;
    if (of === BACKUP) under(pod, `alerts/${name}/`);
    (change ?? how.pod)?.(pod);
    const made = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name, labels: metadata?.labels },
      spec: { ...spec, schedule: "* * * * *", suspend: how.suspend ?? false },
    };
    await sandbox.run(
      "kubectl",
      ["--namespace", namespace, "apply", "--server-side", "--filename=-"],
      JSON.stringify(made),
    );
  }

  function patch(name: Copy, spec: object): Promise<string> {
    return kubectl("patch", "cronjob", name, "--type=merge", "--patch", JSON.stringify({ spec }));
  }

  /** Waits until a Job of a copy has ended so. */
  async function ended(name: Copy, how: "Complete" | "Failed"): Promise<void> {
    for (let waited = 0; waited < LONGEST_SECONDS; waited++) {
      const { items } = JSON.parse(await kubectl("get", "jobs", "--output=json")) as { items: V1Job[] };
      const jobs = items.filter(({ metadata }) => metadata?.ownerReferences?.[0]?.name === name);
      if (jobs.some(({ status }) => status?.conditions?.some(({ type }) => type === how))) return;
      await sleep(1000);
    }
    throw new Error(`no Job of ${name} is ${how} after ${LONGEST_SECONDS} s`);
  }

  /** The deployed rules of the original, about the copy. */
  async function deployed(name: Copy): Promise<RuleGroup[]> {
    const { of } = copies[name];
    const text = await kubectl("get", "prometheusrule", of, "--output=jsonpath={.spec.groups}");
    return JSON.parse(text.replaceAll(of, name)) as RuleGroup[];
  }

  /**
   * Lets promtool judge the rules over the scrapes.
   *
   * @param from the scrape that the minutes are counted from; with the first, nothing happens after it
   */
  async function expectFiring(
    name: Copy,
    from: 0 | 1,
    alerts: Record<string, [minutes: number, fires: boolean][]>,
    rules?: RuleGroup[],
  ): Promise<void> {
    const groups = rules ?? (await deployed(name));
    const seen = from === 0 ? [scrapes[0]] : [...scrapes];
    const { series, at } = samples(seen, AFTERWARDS);
    const expected = Object.entries(alerts).flatMap(([alert, moments]) =>
      moments.map(
        ([minutes, fires]): Value => ({
          at: `${at + minutes}m`,
          expr: `ALERTS{alertname="${alert}", alertstate="firing"}`,
          value: fires ? 1 : undefined,
        }),
      ),
    );
    await judge(groups, series, expected);
  }
});
