import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../../cli/common/problem.ts";
import { step } from "../../cli/common/progress.ts";
import { cachedFolder } from "./cached.ts";
import { runLogged } from "./run-logged.ts";

/** Debian's name for the machine, under which packages keep their libraries. */
const MACHINE = "x86_64-linux-gnu";

/**
 * Debian or Ubuntu packages with what they depend on and the machine lacks, unpacked under the clone. They come from the
 * machine's own package sources and are checked with its keys; nothing on the machine changes, and no root is needed.
 *
 * @param names the packages' names; they are unpacked even where the machine has them installed
 * @returns the absolute path of the folder that holds their `usr`, `etc` ...
 * @throws Problem on a machine without apt-get, or when a package cannot be had
 */
export async function debianPackages(names: readonly string[]): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const sorted = names.toSorted();
  return cachedFolder("debian", [release, ...sorted], (folder) =>
    step(`unpack Debian packages ${sorted.join(", ")}`, () => unpack(sorted, folder)),
  );
}

/** The value for LD_LIBRARY_PATH with which programs of the unpacked packages find their libraries. */
export function libraryPath(root: string): string {
  return [join(root, "usr/lib", MACHINE), join(root, "lib", MACHINE)].join(":");
}

async function unpack(names: readonly string[], folder: string): Promise<void> {
  if ((await execa("apt-get", ["--version"], { reject: false })).failed) {
    throw new Problem(
      `the sandbox unpacks packages of Debian or Ubuntu (${names.join(", ")}); no "apt-get" is on PATH. Run it on Debian 12, Ubuntu 24.04 or newer.`,
    );
  }
  const apt = join(folder, "apt");
  const archives = join(apt, "archives");
  await mkdir(join(apt, "lists/partial"), { recursive: true });
  await mkdir(join(archives, "partial"), { recursive: true });
  const configuration = join(apt, "apt.conf");
  await writeFile(configuration, aptConfiguration(apt, archives));
  const run = (what: string, args: string[]) =>
    runLogged(`${what} Debian packages ${names.join(" ")}`, "apt-get", ["-q", "-c", configuration, ...args]);
  await run("listing", ["update"]);
  await run("fetching", ["install", "--reinstall", "--download-only", "--yes", ...names]);
  const packages = (await readdir(archives)).filter((file) => file.endsWith(".deb"));
  for (const file of packages) await execa("dpkg-deb", ["-x", join(archives, file), folder]);
  await rm(apt, { recursive: true });
}

/** Keeps apt's state to one folder, with no lock of root's, no user of its own (who may not enter the clone) and no hooks. */
function aptConfiguration(state: string, archives: string): string {
  return `
    Dir::State "${state}";
    Dir::State::status "/var/lib/dpkg/status";
    Dir::Cache "${state}";
    Dir::Cache::archives "${archives}";
    Debug::NoLocking "true";
    APT::Sandbox::User "root";
    APT::Install-Recommends "false";
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;
  `;
}
