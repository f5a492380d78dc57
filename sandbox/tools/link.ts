import { chmod, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../settings.ts";

/** Holds every tool by its plain name: the folder to put on PATH. */
export const toolFolder = join(cache, "bin");

/** Makes `name` available in the tool folder. Replaced in one step: another process may just be starting it. */
export async function link(name: string, target: string): Promise<void> {
  await mkdir(toolFolder, { recursive: true });
  const temporary = join(toolFolder, `.${name}-${process.pid}`);
  await symlink(target, temporary);
  await rename(temporary, join(toolFolder, name));
}

/** Writes a shell script that ends in running another program, unless it is there already. */
export async function writeScript(file: string, lines: string[]): Promise<void> {
  const text = ["#!/bin/sh", ...lines, ""].join("\n");
  if ((await readFile(file, "utf8").catch(() => "")) === text) return;
  await writeFile(file, text);
  await chmod(file, 0o755);
}
