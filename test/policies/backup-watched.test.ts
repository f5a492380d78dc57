import assert from "node:assert/strict";
import { stringify } from "yaml";
import { backupWatched } from "../../policies/backup-watched.ts";
import { findings, judgeStack, type Resource, UNKNOWN } from "../../policies/testing.ts";
import { backupCronJob, compliantCronJob } from "./manifests.ts";
import { CONFIG_MAP, PROMETHEUS_RULE, rule } from "./rules.ts";
import { set } from "./set.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const OF_JOB = '{namespace="shop",cronjob="orders-backup"}';
const SUCCESS = `kube_cronjob_status_last_successful_time${OF_JOB}`;
/** An alert that notices all there is. */
const AGE = `time() - max(${SUCCESS} or kube_cronjob_created${OF_JOB}) > 90900`;

const job = (props: object = backupCronJob()): Resource => ({ type: CRONJOB, name: "job", props, ours: true });
const alerts = (...exprs: unknown[]): Resource => ({
  type: PROMETHEUS_RULE,
  name: "rules",
  props: rule([
    { name: "a", rules: exprs.map((expr) => ({ alert: "BackupStale", expr, labels: { severity: "critical" } })) },
  ]),
});
const judged = (...stack: Resource[]) => judgeStack(stack, { policies: [backupWatched] });
const codes = (...stack: Resource[]) => judged(...stack).flatMap(({ faults }) => faults.map(({ code }) => code));

describe("the policy backup-watched", () => {
  it("accepts a backup with an alert on the time since its last success", () => {
    assert.deepEqual(judged(job(), alerts(AGE)), []);
  });

  const watching: [what: string, ...exprs: string[]][] = [
    ["an age and an alert on absence", `time() - ${SUCCESS} > 90000`, `absent(${SUCCESS})`],
    [
      "an alert for all CronJobs",
      "time() - kube_cronjob_status_last_successful_time > 1e5 or time() - kube_cronjob_created > 1e5",
    ],
    ["a regular expression", AGE.replaceAll('cronjob="orders-backup"', 'cronjob=~"orders-.+|others"')],
    [
      "the ends of its Jobs",
      'time() - max(kube_job_status_completion_time{job_name=~"orders-backup-[0-9]+"} or vector(0)) > 90000',
    ],
    ["what the job pushes itself", 'absent_over_time(backup_last_success_timestamp_seconds{job="orders-backup"}[26h])'],
    [
      "an age beside an alert on suspension",
      `time() - (${SUCCESS} or vector(0)) > 9e4 unless kube_cronjob_spec_suspend${OF_JOB} == 1`,
      `kube_cronjob_spec_suspend${OF_JOB} == 1`,
    ],
  ];
  for (const [what, ...exprs] of watching) {
    it(`accepts ${what}`, () => assert.deepEqual(codes(job(), alerts(...exprs)), []));
  }

  const silent: [what: string, code: string, ...exprs: string[]][] = [
    ["no alert", "backup-unwatched"],
    ["an alert on failed Jobs alone", "backup-unwatched", `kube_job_failed${OF_JOB} > 0`],
    ["an alert on another job", "backup-unwatched", AGE.replaceAll("orders-backup", "cache-backup")],
    ["an alert on another namespace", "backup-unwatched", AGE.replaceAll('"shop"', '"billing"')],
    ["a comparison of two jobs without the time", "backup-unwatched", `${SUCCESS} < kube_cronjob_created${OF_JOB}`],
    ["a pushed metric of no job", "backup-unwatched", "absent(backup_last_success_timestamp_seconds)"],
    ["an age without a first success", "backup-unwatched-before-first-success", `time() - ${SUCCESS} > 90000`],
    [
      "an age that suspension silences",
      "backup-unwatched-while-suspended",
      `time() - (${SUCCESS} or vector(0)) > 9e4 unless kube_cronjob_spec_suspend${OF_JOB} == 1`,
    ],
  ];
  for (const [what, code, ...exprs] of silent) {
    it(`refuses a backup with ${what}`, () => {
      const reports = judged(job(), alerts(...exprs));
      assert.deepEqual(findings(reports), [["backup-watched", code, "metadata.name"]]);
      assert.equal(reports[0]?.resource, "job");
    });
  }

  it("takes an alert that notifies no one for none", () => {
    const quiet = alerts(AGE);
    set(quiet.props, "spec.groups.0.rules.0.labels.severity", "none");
    assert.deepEqual(codes(job(), quiet), ["backup-unwatched"]);
  });

  it("follows what recording rules make of a success", () => {
    const recorded = { record: "shop:backup:success_time", expr: SUCCESS };
    const alert = { alert: "Stale", expr: "time() - (shop:backup:success_time or vector(0)) > 9e4" };
    const rules = (...list: object[]) => ({ ...alerts(), props: rule([{ name: "a", rules: list }]) });
    assert.deepEqual(
      codes(
        job(),
        rules(
          { record: "a:b:c", expr: SUCCESS },
          { ...alert, expr: alert.expr.replace("shop:backup:success_time", 'a:b:c{cronjob="orders-backup"}') },
        ),
      ),
      [],
    );
    assert.deepEqual(codes(job(), rules(recorded, alert)), ["backup-unwatched"], "which job, nothing says");
  });

  it("reads rule files in ConfigMaps", () => {
    const text = stringify({ groups: [{ name: "a", rules: [{ alert: "Stale", expr: AGE }] }] });
    assert.deepEqual(codes(job(), { type: CONFIG_MAP, name: "files", props: { data: { "a.yaml": text } } }), []);
  });

  it("asks it of backups and drills that run by themselves, in Lists too, and of no other job", () => {
    const named = (name: string, changes: [path: string, value: unknown][] = []) => {
      const props = compliantCronJob();
      for (const [path, value] of [["metadata.name", name] as const, ...changes]) set(props, path, value);
      return props;
    };
    assert.deepEqual(codes(job(named("orders-backup"))), ["backup-unwatched"]);
    assert.deepEqual(codes(job(named("rebackupper"))), []);
    assert.deepEqual(codes(job(named("orders-backup", [["spec.suspend", true]]))), [], "a person starts it");
    assert.deepEqual(codes(job(named("orders-drill", [["metadata.annotations", { "upkeep/drills": "orders" }]]))), [
      "backup-unwatched",
    ]);
    const list = { type: `${CRONJOB}List`, name: "list", props: { items: [backupCronJob()] } };
    assert.deepEqual(findings(judged(list)), [["backup-watched", "backup-unwatched", "items[0].metadata.name"]]);
  });

  it("says nothing while a rule that may watch it is unknown, and names that rule's place", () => {
    assert.deepEqual(findings(judged(job(), alerts(UNKNOWN))), [
      ["backup-watched", "unknown", "spec.groups[0].rules[0].expr"],
    ]);
    assert.deepEqual(judged(job(), alerts(UNKNOWN, AGE)), [], "another one watches it");
  });

  it("only advises about jobs of others", () => {
    assert.equal(judged({ type: CRONJOB, name: "job", props: named() })[0]?.level, "advisory");
    assert.equal(judged(job())[0]?.level, "mandatory");

    function named() {
      return set(compliantCronJob(), "metadata.name", "orders-backup");
    }
  });
});
