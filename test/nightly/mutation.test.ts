import assert from "node:assert/strict";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

describe("every small change of domain/", function () {
  this.timeout("5h");

  it("is noticed by a test, or is in test/mutation/survivors.yaml with its reason", async () => {
    const { exitCode, all } = await execa("make", ["mutation"], {
      cwd: clone,
      all: true,
      reject: false,
      stdin: "ignore",
    });
    assert.equal(exitCode, 0, all);
  });
});
