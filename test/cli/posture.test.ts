import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { copyWith, enableIn } from "../support/copyWith.ts";
import { billing, shop } from "../support/shop.ts";

const make = (cwd: string, ...args: string[]) =>
  execa("make", ["--silent", ...args], { cwd, all: true, reject: false, stdin: "ignore" });

describe("`make posture`", function () {
  this.timeout("5m");
  let folder: string;
  before(async () => {
    folder = await copyWith("upkeep-posture-", shop, billing);
    await enableIn(folder, "prod", ["billing", "shop"]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("prints prod's promises as a table: each service once, and for each promise its value, its source, and what keeps it", async () => {
    const { exitCode, all } = await make(folder, "posture", "STACK=prod");
    assert.equal(exitCode, 0, all);
    const [head = "", ...lines] = all.split("\n");
    const headings = ["service", "promise", "value", "source", "kept by"];
    assert.deepEqual(head.trim().split(/\s{2,}/), headings);
    // A column is as wide as its longest cell, so that what is below a heading belongs to it.
    const at = headings.map((heading) => head.indexOf(heading));
    const rows = lines.map((line) => at.map((from, index) => line.slice(from, at[index + 1]).trim()));
    assert.deepEqual(
      rows.flatMap(([service]) => (service ? [service] : [])),
      ["billing", "shop"],
    );
    const ofShop = rows.slice(rows.findIndex(([service]) => service === "shop"));
    assert.deepEqual(
      ofShop.find(([, promise]) => promise === "availability"),
      ["shop", "availability", "99.9%", "guide", "error budget alerts over 30 days"],
    );
    assert.deepEqual(ofShop.find(([, promise]) => promise === "warning notifies")?.slice(0, 4), [
      "",
      "warning notifies",
      "slack",
      "",
    ]);
  });

  it("names the stacks that there are when it is asked for another", async () => {
    const { exitCode, all } = await make(clone, "posture", "STACK=production");
    assert.notEqual(exitCode, 0);
    assert.match(all.trim().split("\n")[0] ?? "", /^"production".* prod, sandbox, staging.*\bmake posture STACK=prod$/);
  });
});
