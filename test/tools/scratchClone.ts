import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

/** A copy of the sandbox's sources with a cache of its own, and a folder `bin` to put first, or alone, on PATH. */
export class ScratchClone {
  readonly folder: string;
  readonly bin: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.bin = join(folder, "bin");
  }

  static async make(): Promise<ScratchClone> {
    const scratch = new ScratchClone(await mkdtemp(join(tmpdir(), "upkeep-tools-")));
    for (const folder of ["cli", "sandbox"]) {
      await cp(join(clone, folder), join(scratch.folder, folder), { recursive: true });
    }
    await cp(join(clone, "package.json"), join(scratch.folder, "package.json"));
    await symlink(join(clone, "node_modules"), join(scratch.folder, "node_modules"));
    await mkdir(scratch.bin);
    return scratch;
  }

  /** Puts a shell script on PATH. */
  program(name: string, ...lines: string[]): Promise<void> {
    return program(join(this.bin, name), ...lines);
  }

  /** Starts `node sandbox/cli.ts tools NAME`. */
  start(name: string, path = `${this.bin}:${process.env.PATH}`) {
    return execa(process.execPath, ["sandbox/cli.ts", "tools", name], {
      ...{ cwd: this.folder, env: { PATH: path }, reject: false, stdin: "ignore" },
    });
  }

  /** What `node sandbox/cli.ts tools NAME` prints: the tool's path, and what it says of its work or its failure. */
  async tool(name: string, path?: string): Promise<{ path: string; says: string; exitCode: number | undefined }> {
    const { stdout, stderr, exitCode } = await this.start(name, path);
    return { path: stdout.split(" ")[1] ?? "", says: stderr.trim(), exitCode };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** Writes a shell script. */
export async function program(file: string, ...lines: string[]): Promise<void> {
  await writeFile(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  await chmod(file, 0o755);
}

/** Lines of a `go` that answers everything like the real one but `build`, for which it does what `build` says. */
export async function fakeGo(build: string): Promise<string[]> {
  const { stdout: real } = await execa("sh", ["-c", "command -v go"]);
  return [
    `if [ "$1" != build ]; then exec '${real}' "$@"; fi`,
    `while [ "$1" != -o ]; do shift; done; output=$2`,
    build,
  ];
}
