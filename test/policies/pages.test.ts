import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import { policies } from "../../policies/policies.ts";
import { judge, judgeStack, type StackResource, type Verdict } from "./judge.ts";

const pages = resolve(import.meta.dirname, "../../docs/policies");
/** Pages about all policies: what they see of charts and files, and how to set a policy's level. */
const common = ["charts.md", "levels.md"];

/** The resource that a page's examples are, where they do not say so themselves. */
const typeOf: Readonly<Record<string, string>> = {
  "datastore-covered": "upkeep:index:MaintainedService",
  "drill-declared": "upkeep:index:MaintainedService",
};

type Any = ResourceValidationPolicy | StackValidationPolicy;

/** What a policy says of a page's example: a program in Pulumi's YAML for a stack's policy, and a manifest for any other. */
function verdicts(policy: Any, text: string): Verdict[] {
  const example = parse(text);
  if ("validateStack" in policy) return judgeStack(policy, stackOf(example));
  return judge(policy as ResourceValidationPolicy, typeOf[policy.name] ?? tokenOf(example), example);
}

function tokenOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
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
      assert.deepEqual(verdicts(policy, good), []);
      const [verdict, ...rest] = verdicts(policy, bad);
      assert.deepEqual(rest, []);
      // Comments say which fault each line is.
      const commented = [...bad.matchAll(/# ([a-z]+(?:-[a-z]+)+)$/gm)].map(([, code]) => code);
      assert.deepEqual(verdict?.faults?.map(({ code }) => code).sort(), commented.sort());
    });

    it(`say why, how to fix it and how to set its level: ${policy.name}`, () => {
      const [title, ...rest] = page().split("\n");
      assert.equal(title, `# ${policy.name}`);
      assert.match(rest.join("\n"), /\*\*Why\.\*\*/);
      assert.match(rest.join("\n"), /\*\*How to fix\.\*\*/);
      assert.match(rest.join("\n"), /\]\(levels\.md\)/);
    });

    it(`belong to a policy that blocks by default: ${policy.name}`, () => {
      assert.equal(policy.enforcementLevel, "mandatory");
    });
  }
});

/** A program in Pulumi's YAML as the stack that it makes. */
function stackOf({ resources }: { resources: Record<string, { type: string; properties: object }> }): StackResource[] {
  return Object.entries(resources).map(([name, { type, properties }]) => {
    const [, kind = ""] = /^aws:s3:(\w+)$/.exec(type) ?? [];
    return { type: `aws:s3/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`, name, props: properties };
  });
}
