import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../../cli/common/paths.ts";

/** Holds every tool by its plain name: the folder to put on PATH. */
export const toolFolder = join(cache, "bin");

/** Makes `name` available in the tool folder. */
export async function link(name: string, target: string): Promise<void> {
  await mkdir(toolFolder, { recursive: true });
  await replace(join(toolFolder, name), (temporary) => symlink(target, temporary));
}

/** Writes a shell script that ends in running another program, unless it is there already. */
export async function writeScript(file: string, lines: string[]): Promise<void> {
  const text = ["#!/bin/sh", ...lines, ""].join("\n");
  if ((await readFile(file, "utf8").catch(() => "")) === text) return;
  await replace(file, (temporary) => writeFile(temporary, text, { mode: 0o755 }));
}

/** Replaces a file in one step: another process may just be starting it, and a copy of the cache may share its content. */
async function replace(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  await write(temporary);
  await rename(temporary, file);
}
