import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Changes a file of the copy. @throws when it does not hold what is to be replaced */
export function edit(folder: string, file: string, find: string | RegExp, put: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const edited = text.replace(find, put);
  assert.notEqual(edited, text, `${file} does not hold ${find}`);
  writeFileSync(path, edited);
}
