import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { Cron } from "croner";

interface Rule {
  matchUpdateTypes?: string[];
  schedule?: string[];
  dependencyDashboardApproval?: boolean;
  automerge?: boolean;
}
interface Preset extends Rule {
  packageRules?: Rule[];
  vulnerabilityAlerts?: Rule;
}

const read = (name: string): Preset => JSON.parse(readFileSync(`renovate/${name}.json`, "utf8"));
const names = globSync("*.json", { cwd: "renovate" }).map((file) => file.replace(".json", ""));
const utc = { timezone: "Etc/UTC" };

describe("the presets for Renovate", () => {
  const rules = read("calendar").packageRules ?? [];
  const ruleOf = (type: string) => rules.filter(({ matchUpdateTypes }) => matchUpdateTypes?.includes(type));

  /** Lang Observatory's crontab, LO-014 to LO-016: when each window must open. */
  for (const [type, crontab] of [
    ["patch", "0 2 * * 1"],
    ["minor", "0 3 1 * *"],
    ["major", "0 4 1 */3 *"],
  ] as const) {
    it(`open the ${type} updates when the guide has them`, () => {
      const windows = ruleOf(type).flatMap(({ schedule = [] }) => schedule);
      assert.equal(windows.length, 1);
      for (const from of ["2026-01-01T00:00Z", "2026-02-27T12:00Z", "2026-12-02T00:00Z"]) {
        const opens = new Cron(windows[0] as string, utc).nextRun(from)?.toISOString();
        assert.equal(opens, new Cron(crontab, utc).nextRun(from)?.toISOString(), from);
      }
    });
  }

  it("wait with a major version alone until somebody approves it", () => {
    for (const type of ["patch", "minor", "major"]) {
      assert.equal(
        ruleOf(type).some((rule) => rule.dependencyDashboardApproval === true),
        type === "major",
        type,
      );
    }
  });

  it("propose security updates at any time", () => {
    assert.deepEqual(read("calendar").vulnerabilityAlerts?.schedule, ["at any time"]);
  });

  it("merge nothing by themselves but security updates, where a team asks for it", () => {
    const merging = names.filter((name) => JSON.stringify(read(name)).includes('"automerge":true'));
    assert.deepEqual(merging, ["merge-security"]);
    assert.deepEqual(read("merge-security"), {
      ...read("merge-security"),
      vulnerabilityAlerts: {
        automerge: true,
        automergeType: "pr",
        // Renovate's own merge waits for checks, and never merges without; GitHub's does where a branch requires none.
        platformAutomerge: false,
        ignoreTests: false,
      },
    });
  });
});
