import assert from "node:assert/strict";
import { backupFailsLoudly } from "../../policies/backup-fails-loudly.ts";
import { found, judge } from "./judge.ts";
import { compliantCronJob, cronJobWith, POD } from "./manifests.ts";

const CRONJOB = "kubernetes:batch/v1:CronJob";
const AT = `${POD}.containers[name=dump]`;

const running = (...command: string[]) =>
  found(backupFailsLoudly, CRONJOB, cronJobWith(`${POD}.containers.0.command`, command));
/** Codes of the faults of a script that bash runs. */
const codes = (script: string, ...options: string[]) => running("bash", ...options, "-c", script).map(([code]) => code);

describe("the policy backup-fails-loudly", () => {
  it("accepts a pod without a script", () =>
    assert.deepEqual(judge(backupFailsLoudly, CRONJOB, compliantCronJob()), []));

  const accepted: [what: string, script: string, ...options: string[]][] = [
    ["a script that stops at the first failure", "set -euo pipefail\npg_dump a | gzip > b\naws s3 cp b s3://c/"],
    ["such a script behind comments", "#!/bin/bash\n# Dumps.\n\nset -eo pipefail; pg_dump a | gzip > b"],
    ["a condition before set -e", '[ "$(date +%u)" = 6 ] || exit 0\nset -euo pipefail\npg_dump a | gzip > b'],
    ["the options of the shell", "pg_dump a | gzip > b\ntrue", "-e", "-o", "pipefail"],
    ["one command", "pg_dump --file=/scratch/a a"],
    ["one command over two lines", "pg_dump \\\n  --file=/scratch/a a"],
    ["commands that && joins", "pg_dump --file=a a && aws s3 cp a s3://b/"],
    ["another command whose failure does not matter", "set -e\nrm old || true\npg_dump --file=a a"],
    ["a failure that is passed on", "set -e\npg_dump --file=a a || exit 3"],
    ["a script without a backup", "date; echo | cat; run || true"],
    ["a word that only looks like a client", "echo tarpaulin; echo no-tar; cat dump.tar"],
  ];
  for (const [what, script, ...options] of accepted) {
    it(`accepts ${what}`, () => assert.deepEqual(codes(script, ...options), []));
  }

  const refused: [what: string, code: string, script: string][] = [
    ["several commands without set -e", "script-continues-after-failure", "pg_dump --file=a a\naws s3 cp a s3://b/"],
    ["set -e that comes too late", "script-continues-after-failure", "pg_dump --file=a a; set -e; aws s3 cp a s3://b/"],
    ["a pipe without pipefail", "pipe-hides-failure", "set -e\nmysqldump a | gzip > b"],
    ["a pipe of a client with variables", "pipe-hides-failure", "PGHOST=db pg_dump a | gzip > b"],
    ["a dump whose failure is dropped", "failure-ignored", "set -euo pipefail\npg_dump --file=a a || true"],
    [
      "an upload whose failure is printed",
      "failure-ignored",
      'set -e\naws --region eu s3 cp a s3://b/ || echo "failed"',
    ],
    ["an upload that ends well anyhow", "failure-ignored", "set -e\nrestic backup /data || exit 0"],
    ["a redis dump whose failure is dropped", "failure-ignored", "redis-cli -h cache --rdb /scratch/a || :"],
  ];
  for (const [what, code, script] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(codes(script), [code]));
  }

  it("names the word that has the script, in the command or its arguments", () => {
    const script = "pg_dump a | gzip > b";
    assert.deepEqual(running("sh", "-c", script), [["pipe-hides-failure", `${AT}.command[2]`]]);
    const split = cronJobWith(`${POD}.containers.0`, { name: "dump", command: ["/bin/sh"], args: ["-c", script] });
    assert.deepEqual(found(backupFailsLoudly, CRONJOB, split), [["pipe-hides-failure", `${AT}.args[1]`]]);
  });

  it("judges Jobs, and no kind that runs for ever", () => {
    const spec = {
      template: { spec: { containers: [{ name: "dump", command: ["sh", "-c", "tar c a | gzip > b"] }] } },
    };
    assert.equal(found(backupFailsLoudly, "kubernetes:batch/v1:Job", { spec }).length, 1);
    assert.deepEqual(found(backupFailsLoudly, "kubernetes:apps/v1:Deployment", { spec }), []);
  });

  it("only advises about jobs of others", () => {
    const job = cronJobWith(`${POD}.containers.0.command`, ["sh", "-c", "tar c a | gzip > b"]);
    assert.equal(judge(backupFailsLoudly, CRONJOB, job, "anyone")[0]?.enforcementLevel, "advisory");
  });
});
