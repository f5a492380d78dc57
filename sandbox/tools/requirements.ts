import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { Problem } from "../../cli/common/problem.ts";

const GO = { major: 1, minor: 26 };
const PYTHON = { major: 3, minor: 11 };

/** @throws Problem when Go is absent or too old to build `name` */
export async function requireGo(name: string): Promise<void> {
  const needed = `building ${name} needs Go ${GO.major}.${GO.minor} or newer`;
  const fix = `Install it (https://go.dev/doc/install) so that "go" is on PATH, then run the same command again.`;
  const answer = await execa("go", ["env", "GOVERSION"], { reject: false, env: { GOTOOLCHAIN: "local" }, cwd: "/" });
  const version = /^go(\d+)\.(\d+)/.exec(answer.stdout ?? "");
  if (!version) throw new Problem(`${needed}; no "go" that runs is on PATH. ${fix}`);
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < GO.major || (major === GO.major && minor < GO.minor)) {
    throw new Problem(`${needed}; the one on PATH is ${answer.stdout}. ${fix}`);
  }
}

/** @throws Problem when no C compiler is there to build `name` */
export async function requireCompiler(name: string): Promise<void> {
  const answer = await execa("cc", ["--version"], { reject: false });
  if (answer.failed) {
    throw new Problem(
      `building ${name} needs a C compiler; no "cc" that runs is on PATH. Install one (Debian: apt-get install gcc libc6-dev), then run the same command again.`,
    );
  }
}

/**
 * The first fitting Python on PATH.
 *
 * @throws Problem when there is none, with the versions seen
 */
export async function findPython(): Promise<string> {
  const seen: string[] = [];
  for (const name of ["python3", "python3.14", "python3.13", "python3.12", "python3.11"]) {
    const answer = await execa(
      name,
      ["-c", "import sys; print(*sys.version_info[:3], sep='.'); print(sys.executable)"],
      {
        reject: false,
      },
    );
    if (answer.failed) continue;
    const [version = "", path = ""] = answer.stdout.split("\n");
    const [major, minor] = version.split(".").map(Number) as [number, number];
    if (major === PYTHON.major && minor >= PYTHON.minor) return path;
    seen.push(`${name} is ${version}`);
  }
  throw new Problem(
    `the S3 server and the AWS CLI need Python ${PYTHON.major}.${PYTHON.minor} or newer; on PATH ${seen.join(", ") || "is none"}. Install it (Debian 12 or newer: apt-get install python3 python3-venv), then run the same command again.`,
  );
}

/**
 * @param gigabytes what the work takes at most
 * @param folders where it writes; they need not exist yet
 * @throws Problem when a disk has less free space than that
 */
export async function requireDisk(what: string, gigabytes: number, folders: string[]): Promise<void> {
  for (const folder of folders) {
    const { bavail, bsize } = await statfs(nearestExisting(folder));
    const free = (bavail * bsize) / 1e9;
    if (free < gigabytes) {
      throw new Problem(
        `${what} takes up to ${gigabytes} GB of disk; the disk of ${folder} has ${free.toFixed(1)} GB free. Free some (make clean; go clean -cache -modcache), then run the same command again.`,
      );
    }
  }
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}
