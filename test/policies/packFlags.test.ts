import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clone } from "../../cli/common/paths.ts";
import { packConfiguration, packFlags } from "../../cli/policyPack.ts";

describe("a stack's file in policies/config", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-config-"));
    mkdirSync(join(folder, "policies/config"), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const flagsOf = (text: string) => {
    writeFileSync(join(folder, "policies/config/prod.json"), text);
    return packFlags("prod", folder);
  };

  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`is given to the engine, and makes the stack follow the house without an exemption: ${stack}`, async () => {
      const file = join(clone, `policies/config/${stack}.json`);
      assert.deepEqual(await packFlags(stack), [
        "--policy-pack",
        join(clone, "policies/upkeep"),
        "--policy-pack-config",
        file,
      ]);
      assert.deepEqual(await packConfiguration(stack, clone), {
        all: { enforcementLevel: "mandatory", profile: "house" },
      });
    });
  }

  it("may be missing: the policies then have their own levels", async () => {
    assert.deepEqual(await packFlags("another", folder), ["--policy-pack", join(clone, "policies/upkeep")]);
  });

  it("is refused before the engine starts, in more words than the engine has", async () => {
    await assert.rejects(flagsOf('{ "image-pinned": "warn" }'), {
      name: "Problem",
      message:
        /^policies\/config\/prod\.json cannot be used:\n- image-pinned\.enforcementLevel is "warn"; allowed: mandatory/,
    });
    await assert.rejects(flagsOf('{ "all": { "profile": "core" } }'), /all\.enforcementLevel is missing/);
    for (const text of ["{", "[]", '"advisory"', ""])
      await assert.rejects(flagsOf(text), /prod\.json is not a JSON object/);
  });
});
