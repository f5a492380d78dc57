import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { policyPack } from "../../cli/engine.ts";
import { forms, sandbox } from "./sandbox.ts";

/** One line of a streamed preview; sdk/go/common/apitype/events.go of pulumi/pulumi has all its fields. */
interface Event {
  resourcePreEvent?: { metadata: { urn: string } };
  policyEvent?: { resourceUrn: string; policyName: string };
}

/** Type of what makes the CronJobs, and what it puts before their names. */
const seen = [
  ["kubernetes:helm.sh/v4:Chart", "v4:"],
  ["kubernetes:helm.sh/v3:Chart", ""],
  ["kubernetes:kustomize/v2:Directory", "directory:"],
  ["kubernetes:yaml/v2:ConfigGroup", "group:"],
  ["kubernetes:yaml/v2:ConfigFile", "file:"],
] as const;
const release = "kubernetes:helm.sh/v3:Release";

/** What docs/policies/charts.md says. */
describe("the policies on charts and files", function () {
  this.timeout("2m");
  /** Of each resource in the preview: its URN without stack and project, and the policies that it violates. */
  let judged: Map<string, string[]>;

  before("preview a program of them", async () => {
    const events = await preview();
    const violations = events.flatMap(({ policyEvent }) => policyEvent ?? []);
    const urns = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.urn ?? []);
    const violated = (urn: string) =>
      violations.filter(({ resourceUrn }) => resourceUrn === urn).map(({ policyName }) => policyName);
    judged = new Map(urns.map((urn) => [urn.split("::").slice(2).join("::"), violated(urn)]));
  });

  for (const [type, prefix] of seen) {
    const cronJob = (name: string) => `${type}$kubernetes:batch/v1:CronJob::${prefix}default/${name}`;

    it(`name the CronJob with a fault: ${type}`, () => {
      assert.deepEqual(judged.get(cronJob("concurrent")), ["cronjob-ends-and-starts"]);
    });

    it(`find none in a CronJob without: ${type}`, () => {
      assert.deepEqual(judged.get(cronJob("hardened")), []);
    });
  }

  it(`see a credential in the values, but not the same fault: ${release}`, () => {
    const ofRelease = [...judged].filter(([urn]) => urn.startsWith(release));
    const changed = "if policies see more of a Release now, change docs/policies/charts.md";
    assert.deepEqual(ofRelease, [[`${release}::release`, ["no-inline-secret"]]], changed);
  });
});

/** Previews the program in the folder beside this file, with the pack, which refuses it. */
async function preview(): Promise<Event[]> {
  const options = {
    cwd: join(sandbox.folder, "test/vendor/charts"),
    env: { ...sandbox.environment, ...forms.home, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
    extendEnv: false,
    stdin: "ignore",
  } as const;
  await execa("pulumi", ["stack", "select", "--create", "--stack", "charts"], options);
  const args = ["preview", "--json", "--stack", "charts", "--policy-pack", policyPack];
  const { stdout, stderr } = await execa("pulumi", args, { ...options, reject: false });
  assert.notEqual(stdout, "", stderr);
  return stdout.split("\n").map((line) => JSON.parse(line));
}
