import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { created, installPacked, moduleSettings, nodes, OwnRepository, previewer } from "../library/ownRepository.ts";

describe("examples/own-repository on the clone's own Node", function () {
  this.timeout("15m");
  let scratch: string;
  let modules: string;
  let preview: Awaited<ReturnType<typeof previewer>>;
  let expected: string[] | undefined;
  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), "upkeep-library-"));
    modules = await installPacked(scratch);
    preview = await previewer(join(scratch, "engine"));
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const setting of moduleSettings) {
    it(`previews the same by ts-node: ${setting.name}`, async () => {
      const repository = new OwnRepository(join(scratch, setting.name), modules, setting);
      const urns = await created(preview, repository, { node: nodes.own, runner: "ts-node without types" });
      assert.ok(urns.length > 0);
      expected ??= urns;
      assert.deepEqual(urns, expected);
    });
  }
});
