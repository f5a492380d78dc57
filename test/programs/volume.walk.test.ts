import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFile } from "../../programs/volume/walk.ts";

describe("a file that is written to as fast as it is read", () => {
  const root = mkdtempSync(join(tmpdir(), "upkeep-walk-"));
  after(() => rmSync(root, { recursive: true }));

  it("ends each of its reads, and is refused after the last", async () => {
    const written = join(root, "log");
    writeFileSync(written, "start");
    let pieces = 0;
    const refused = readFile(root, "log", async () => {
      pieces++;
      assert.ok(pieces < 50, "it is read on for as long as it grows");
      appendFileSync(written, "x");
    });
    await assert.rejects(refused, /log changed each of the 5 times that it was read/);
    assert.equal(pieces, 10, "its content and one byte more, five times");
  });
});
