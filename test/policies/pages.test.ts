import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import { alertWellFormed } from "../../policies/alert-well-formed.ts";
import { bucketHardened } from "../../policies/bucket-hardened.ts";
import { cronjobHardened } from "../../policies/cronjob-hardened.ts";
import { datastoreCovered } from "../../policies/datastore-covered.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { noInlineSecret } from "../../policies/no-inline-secret.ts";
import { recoveryPointKept } from "../../policies/recovery-point-kept.ts";
import { judge, judgeStack, type StackResource } from "./judge.ts";

const pages = resolve(import.meta.dirname, "../../docs/policies");
/** Pages about all policies: what they see of charts and files, and how to set a policy's level. */
const common = ["charts.md", "levels.md"];

/** How a page's example is given to its policy. */
const policies: [policy: ResourceValidationPolicy | StackValidationPolicy, typeOf: string][] = [
  [alertWellFormed, "kubernetes:monitoring.coreos.com/v1:PrometheusRule"],
  [bucketHardened, "stack"],
  [cronjobHardened, "kubernetes:batch/v1:CronJob"],
  [datastoreCovered, "upkeep:index:MaintainedService"],
  [imagePinned, "kubernetes:core/v1:Pod"],
  [noInlineSecret, "kubernetes:batch/v1:CronJob"],
  [recoveryPointKept, "kubernetes:batch/v1:CronJob"],
];

describe("the pages of the policies", () => {
  it("are those of the policies, and those about all", () => {
    assert.deepEqual(readdirSync(pages).sort(), [...policies.map(([{ name }]) => `${name}.md`), ...common].sort());
  });

  for (const [policy, type] of policies) {
    const page = () => readFileSync(resolve(pages, `${policy.name}.md`), "utf8");

    it(`show an example that it accepts: ${policy.name}`, () => {
      const example = parse(/```yaml\n([\s\S]*?)```/.exec(page())?.[1] ?? "");
      if ("validateStack" in policy) {
        assert.deepEqual(judgeStack(policy, stackOf(example)), []);
      } else {
        // A pod's specification alone is one policy's example.
        assert.deepEqual(judge(policy, type, type.endsWith(":Pod") ? { spec: example } : example), []);
      }
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
