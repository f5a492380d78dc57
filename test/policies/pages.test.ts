import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { resolve } from "node:path";
import { parse } from "yaml";
import { configurationMessage, readConfiguration } from "../../policies/configuration.ts";
import { setConfigured } from "../../policies/configured.ts";
import { cronjobEndsAndStarts } from "../../policies/cronjob-ends-and-starts.ts";
import { exemptionsInDate } from "../../policies/exemptions-in-date.ts";
import { mends } from "../../policies/mends.ts";
import { policies } from "../../policies/policies.ts";
import { judgeStack, judgeYaml, type Policy, type Report, type Resource } from "../../policies/testing.ts";
import { cronJobWith } from "./manifests.ts";

const pages = resolve(import.meta.dirname, "../../docs/policies");
/** Pages about all policies: what they see of charts and files, how to set a policy's level, and how to test one. */
const common = ["charts.md", "levels.md", "testing.md"];

/** The resource that a page's examples are, where they do not say so themselves. */
const typeOf: Readonly<Record<string, string>> = {
  "datastore-covered": "upkeep:index:MaintainedService",
  "drill-declared": "upkeep:index:MaintainedService",
};

/** What a policy says of a page's example: a program in Pulumi's YAML, the arguments of a component, or manifests. */
function reports(policy: Policy, text: string): Report[] {
  const options = { policies: [policy], ours: true };
  if (policy.name === exemptionsInDate.name) return ofConfiguration(parse(text));
  if (/^resources:/m.test(text)) return judgeStack(stackOf(parse(text)), options);
  const type = typeOf[policy.name];
  return type === undefined
    ? judgeYaml(text, options)
    : judgeStack([{ type, name: "shop", props: parse(text) }], options);
}

/** What is wrong with a configuration's exemptions where a CronJob without a time zone is the whole stack. */
function ofConfiguration(configuration: Record<string, unknown>): Report[] {
  const read = readConfiguration(configuration, policies, "2026-12-01");
  if ("faults" in read) throw new Error(configurationMessage("the example", read.faults));
  setConfigured(read.configured);
  const [type, props] = ["kubernetes:batch/v1:CronJob", cronJobWith("spec.timeZone", undefined)];
  const said = judgeStack([{ type, name: "nightly", props, ours: true }], {
    policies: [cronjobEndsAndStarts, exemptionsInDate],
  });
  setConfigured();
  return said.filter(({ policy, faults }) => policy === exemptionsInDate.name && faults.length > 0);
}

describe("the pages of the policies", () => {
  it("are those of the policies, and those about all", () => {
    assert.deepEqual(readdirSync(pages).sort(), [...policies.map(({ name }) => `${name}.md`), ...common].sort());
  });

  for (const policy of policies) {
    const page = () => readFileSync(resolve(pages, `${policy.name}.md`), "utf8");
    const examples = () => [...page().matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? "");

    it(`show an example that it accepts, and one that it refuses: ${policy.name}`, () => {
      const [good = "", bad = "", ...others] = examples();
      assert.deepEqual(others, []);
      assert.deepEqual(reports(policy, good), []);
      const [report, ...rest] = reports(policy, bad);
      assert.deepEqual(rest, []);
      // Comments say which fault each line is.
      const commented = [...bad.matchAll(/# ([a-z]+(?:-[a-z]+)+)$/gm)].map(([, code]) => code);
      assert.deepEqual(report?.faults.map(({ code }) => code).sort(), commented.sort());
    });

    it(`say why, how to fix it and how to set its level: ${policy.name}`, () => {
      const [title, ...rest] = page().split("\n");
      assert.equal(title, `# ${policy.name}`);
      assert.match(rest.join("\n"), /\*\*Why\.\*\*/);
      assert.match(rest.join("\n"), /\*\*How to fix\.\*\*/);
      assert.match(rest.join("\n"), /\]\(levels\.md\)/);
    });

    it(`are told with what to write instead, which is YAML or TypeScript: ${policy.name}`, () => {
      const mend = mends[policy.name] ?? assert.fail("there is none");
      assert.ok(mend.startsWith("\n") && mend.trim().split("\n").length <= 8);
      const isCall = /^\n(?:new )?[\w.]+\(/.test(mend);
      if (isCall) assert.doesNotThrow(() => stripTypeScriptTypes(mend));
      else assert.equal(typeof parse(mend), "object");
      const [, bad = ""] = examples();
      assert.ok(reports(policy, bad)[0]?.message.includes(`\nFor example:\n    ${mend.trim().split("\n")[0]}`));
    });

    it(`belong to a policy that blocks by default: ${policy.name}`, () => {
      assert.equal(policy.enforcementLevel, "mandatory");
    });
  }
});

interface Declared {
  type: string;
  properties?: object;
  options?: { protect?: boolean };
}

/** A program in Pulumi's YAML as the stack that it makes. */
function stackOf({ resources }: { resources: Record<string, Declared> }): Resource[] {
  return Object.entries(resources).map(([name, { type, properties: props = {}, options }]) => {
    const [, module, kind = ""] = /^aws:(\w+):(\w+)$/.exec(type) ?? [];
    const token = `aws:${module}/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
    return { type: token, name, props, ours: true, ...options };
  });
}
