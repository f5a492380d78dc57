import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import { type Workflow, workflows } from "./workflows.ts";

const page = readFileSync(join(clone, "docs/own-repository.md"), "utf8");
const [, ofGitHub = ""] = page.split(/^## In GitHub Actions$/m);
const [github = "", gitlab = ""] = ofGitHub.split(/^## In GitLab CI$/m);
const blocks = (text: string) => [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block as string);

const callers = blocks(github).map((text) => ({ text, workflow: parse(text) as Workflow & { name: string } }));

describe("the workflows of docs/own-repository.md", function () {
  this.timeout("1m");

  it("are four, of which the pull request's has ten lines", () => {
    assert.deepEqual(
      callers.map(({ workflow }) => workflow.name),
      ["upkeep", "upkeep comment", "deploy", "drift"],
    );
    assert.ok((callers[0]?.text ?? "").trim().split("\n").length <= 10);
  });

  for (const { text, workflow } of callers) {
    it(`are accepted by GitHub: ${workflow.name}`, async () => {
      const { exitCode, all } = await execa("actionlint", ["-"], { input: text, all: true, reject: false });
      assert.equal(exitCode, 0, all);
    });

    it(`give a workflow that there is the inputs and rights that it asks for: ${workflow.name}`, () => {
      const { permissions: given } = workflow as { permissions?: Record<string, string> };
      for (const { uses = "", with: values = {} } of Object.values(workflow.jobs)) {
        const called = workflows().get(uses.replace(/^.*\/(.+)@COMMIT$/, "$1"));
        const inputs = called?.on.workflow_call?.inputs ?? {};
        assert.deepEqual(
          Object.keys(values).filter((name) => !(name in inputs)),
          [],
        );
        assert.deepEqual(
          Object.keys(inputs).filter((name) => inputs[name]?.required && !(name in values)),
          [],
        );
        const asked = Object.values(called?.jobs ?? {}).map(({ permissions }) => permissions ?? called?.permissions);
        assert.deepEqual(asked, [given]);
      }
    });
  }

  it("run in GitLab what they run in GitHub", () => {
    const { upkeep } = parse(blocks(gitlab)[0] ?? "") as { upkeep: { script: string[] } };
    assert.deepEqual(upkeep.script, [
      "npm ci --ignore-scripts",
      'npx --no-install upkeep diff --base="$CI_MERGE_REQUEST_DIFF_BASE_SHA" --markdown prod > upkeep.md',
    ]);
  });
});
