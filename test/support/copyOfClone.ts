import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

/**
 * A copy of the clone's own files as they are now, committed or not, in a new folder; packages and built tools are linked.
 *
 * @param name what the folder's name begins with
 */
export async function copyOfClone(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), name));
  const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: clone });
  for (const file of stdout.split("\n")) cpSync(join(clone, file), join(folder, file), { preserveTimestamps: true });
  for (const part of ["node_modules", ".cache"]) symlinkSync(join(clone, part), join(folder, part));
  return folder;
}
