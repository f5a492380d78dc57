import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clone } from "../../cli/common/paths.ts";
import { type Outcome, type Program, Stack } from "../../standins/test/stack.ts";
import { compliantCronJob, cronJobWith, POD } from "../policies/manifests.ts";
import { set } from "../policies/set.ts";

const pack = ["--policy-pack", join(clone, "policies/upkeep")];

/** A program with one CronJob, of no backup, that asks for all rules, for a cluster that nothing contacts: the stand-in contacts one only for the stack "sandbox". */
function programWith(properties: object): Program {
  return {
    package: "kubernetes",
    provider: { kubeconfig: "{}" },
    resources: [
      {
        type: "kubernetes:batch/v1:CronJob",
        name: "nightly",
        properties: {
          ...properties,
          metadata: { namespace: "shop", name: "orders-report", labels: { "upkeep/rules": "own" } },
        },
      },
    ],
  };
}

describe("the policy pack's executable, given to the real engine", function () {
  this.timeout(180_000);
  let stack: Stack;
  before(async () => {
    stack = await Stack.create("prod");
  });
  after(() => stack?.remove());

  async function run(command: string[], properties: object): Promise<Outcome> {
    await stack.declare(programWith(properties));
    return stack.run([...command, ...pack]);
  }

  it("lets a preview of a compliant CronJob pass, and is named in it", async () => {
    const { exitCode, text } = await run(["preview"], compliantCronJob());
    assert.equal(exitCode, 0, text);
    assert.match(text, /Policies:\n\s+✅ upkeep-policies/);
  });

  it("fails the preview of a violating CronJob, with the path, the fix and the page", async () => {
    const { exitCode, text } = await run(["preview"], cronJobWith("spec.timeZone", undefined));
    assert.notEqual(exitCode, 0);
    assert.match(text, /❌ upkeep-policies/);
    assert.match(text, /\[mandatory\].*cronjob-ends-and-starts.*CronJob: nightly/);
    assert.match(text, /spec\.timeZone is missing; allowed: .* Fix: set "Etc\/UTC"/);
    assert.match(text, /More: file:\S+\/docs\/policies\/cronjob-ends-and-starts\.md/);
  });

  it("keeps up from creating anything when one resource violates", async () => {
    const { exitCode, text } = await run(["up", "--yes"], cronJobWith("spec.timeZone", undefined));
    assert.notEqual(exitCode, 0);
    assert.match(text, /cronjob-ends-and-starts: CronJob shop\/orders-report: spec\.timeZone is missing/);
    assert.doesNotMatch(text, /Updating \(prod\)/);
    const { text: state } = await stack.run(["stack", "export"]);
    assert.deepEqual(JSON.parse(state).deployment.resources ?? [], []);
  });

  /** Previews a CronJob with no time zone, the pack configured so. */
  async function configured(configuration: object): Promise<Outcome> {
    const file = join(stack.directory, "policies.json");
    await writeFile(file, JSON.stringify(configuration));
    await stack.declare(programWith(cronJobWith("spec.timeZone", undefined)));
    return stack.run(["preview", ...pack, "--policy-pack-config", file]);
  }

  it("is refused with a configuration that means nothing, before anything is judged", async () => {
    const { exitCode, text } = await configured({ "cronjob-ends-and-start": "advisory" });
    assert.notEqual(exitCode, 0);
    assert.match(text, /the configuration of upkeep-policies cannot be used/);
    assert.match(text, /cronjob-ends-and-start .*did you mean cronjob-ends-and-starts\?/);
  });

  /** Previews it in the profile `core`, with exemptions from cronjob-ends-and-starts by path. */
  async function exempting(...paths: string[]): Promise<Outcome> {
    const exemptions = paths.map((path) => ({
      policy: "cronjob-ends-and-starts",
      resource: "CronJob shop/orders-report",
      path,
      reason: "the cluster is older than time zones",
      owner: "team-shop",
      ticket: "SHOP-123",
      until: new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10),
    }));
    const all = { enforcementLevel: "mandatory", profile: "core" };
    return configured({ all, "exemptions-in-date": { exemptions } });
  }

  it("lets an exempt fault pass, and shows who answers for it and when it ends", async () => {
    const { exitCode, text } = await exempting("spec.timeZone");
    assert.equal(exitCode, 0, text);
    assert.match(text, /\[advisory\].*cronjob-ends-and-starts/);
    assert.match(text, /exempt until .*, which ends in [45] days: .*: spec\.timeZone/);
    assert.match(text, /Reason: the cluster is older than time zones \(team-shop, SHOP-123\)/);
  });

  it("fails the preview for an exemption that nothing needs", async () => {
    const { exitCode, text } = await exempting("spec.timeZone", "spec.suspend");
    assert.notEqual(exitCode, 0);
    assert.match(text, /\[mandatory\].*exemptions-in-date/);
    assert.match(text, /exemptions\[1\]\.path is "spec\.suspend"/);
  });

  it("writes what is missing at the level remediate, keeps a secret one, and says nothing once it is written", async () => {
    const file = join(stack.directory, "policies.json");
    await writeFile(file, JSON.stringify({ "cronjob-ends-and-starts": "remediate" }));
    const flags = [...pack, "--policy-pack-config", file];
    const job = cronJobWith("spec.concurrencyPolicy", undefined);
    set(job, `${POD}.containers.0.workingDir`, { $secret: "hunter2" });
    await stack.declare(programWith(job));
    const { exitCode, text } = await stack.run(["preview", ...flags]);
    assert.equal(exitCode, 0, text);
    assert.match(text, /\[remediate\]\s+cronjob-ends-and-starts/);
    const { text: json } = await stack.run(["preview", "--json", ...flags]);
    const { steps } = JSON.parse(json.slice(json.indexOf("{"), json.lastIndexOf("}") + 1));
    const { inputs } = steps.find(({ urn }: { urn: string }) => urn.endsWith("::nightly")).newState;
    assert.equal(inputs.spec.concurrencyPolicy, "Forbid");
    // The engine's word for a secret; the list is one because of its element.
    assert.equal(inputs.spec.jobTemplate.spec.template.spec.containers, "[secret]");
    assert.ok(!`${text}${json}`.includes("hunter2"));
    await stack.declare(programWith(compliantCronJob()));
    const after = await stack.run(["preview", ...flags]);
    assert.equal(after.exitCode, 0, after.text);
    assert.doesNotMatch(after.text, /remediate/);
  });

  it("names in an advisory line what a preview cannot know, and lets it pass", async () => {
    const metadata = { namespace: "shop", name: "settings" };
    const config = { type: "kubernetes:core/v1:ConfigMap", name: "settings", properties: { metadata } };
    const program = programWith({ ...compliantCronJob(), ...unknownTimeZone() });
    await stack.declare({ ...program, resources: [config, ...program.resources] });
    const { exitCode, text } = await stack.run(["preview", ...pack]);
    assert.equal(exitCode, 0, text);
    assert.match(text, /\[advisory\].*cronjob-ends-and-starts/);
    assert.match(text, /not checked, because not known before the update: spec\.timeZone/);
  });
});

/** A time zone that is only known once another object exists. */
function unknownTimeZone() {
  return { spec: cronJobWith("spec.timeZone", { $output: ["settings", "id"] }).spec };
}
