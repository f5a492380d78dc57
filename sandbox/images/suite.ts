import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cache } from "../../cli/common/paths.ts";
import { Problem } from "../../cli/common/problem.ts";
import { runLogged } from "../tools/run-logged.ts";

/** The Debian releases that the images are made from. */
export type Suite = "bookworm" | "trixie";

/** Debian's own package of its archive's keys puts them here. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** apt over one suite, as on a machine that has no package yet. */
interface Apt {
  archives: string;
  /** An apt-get call as program and arguments; calls wait for each other, those of other processes included. */
  call: (...args: string[]) => [program: string, args: string[]];
}

const opened = new Map<Suite, Promise<Apt>>();

/**
 * Fetches packages of a suite with all that they depend on. The machine's own packages play no part.
 *
 * @param packages names, or patterns of apt (`?essential`)
 * @param without dependencies to skip
 * @returns the absolute paths of the .deb files
 * @throws Problem on a machine that does not get Debian's packages, or when one of them cannot be had
 */
export async function debianArchives(suite: Suite, packages: readonly string[], without?: RegExp): Promise<string[]> {
  const opening = opened.get(suite) ?? open(suite);
  opened.set(suite, opening);
  const { archives, call } = await opening;

  const plan = await execa(...call("install", "--simulate", ...packages)).catch((error) => {
    throw new Problem(`Debian ${suite} cannot give ${packages.join(", ")}:\n${error.stderr}`);
  });
  const chosen = [...plan.stdout.matchAll(/^Inst (?<name>\S+) \((?<version>\S+) .*\[(?<architecture>\w+)\]/gm)]
    .map((match) => match.groups as { name: string; version: string; architecture: string })
    .filter(({ name }) => !without?.test(name));

  const exact = chosen.map(({ name, version }) => `${name}=${version}`);
  await runLogged(`fetching Debian ${suite} packages ${packages.join(" ")}`, ...call("download", ...exact), {
    cwd: archives,
  });
  return chosen.map(({ name, version, architecture }) =>
    join(archives, `${name}_${version.replaceAll(":", "%3a")}_${architecture}.deb`),
  );
}

async function open(suite: Suite): Promise<Apt> {
  const state = join(cache, "apt", suite);
  const archives = join(state, "archives");
  await mkdir(join(archives, "partial"), { recursive: true });
  await mkdir(join(state, "lists/partial"), { recursive: true });
  await writeFile(join(state, "status"), "");
  await writeFile(join(state, "sources.list"), await sources(suite));
  const options = {
    "Dir::State": state,
    "Dir::State::status": join(state, "status"),
    "Dir::Cache": state,
    "Dir::Etc::sourcelist": join(state, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Acquire::Languages": "none",
    // apt's own user may not enter the clone.
    "APT::Sandbox::User": "root",
    "APT::Install-Recommends": "false",
    "APT::Architectures": "amd64",
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const call: Apt["call"] = (...args) => ["flock", [join(state, "lock"), "apt-get", "-q", ...settings, ...args]];
  await runLogged(`listing Debian ${suite} packages`, ...call("update"));
  return { archives, call };
}

/** The machine's own mirrors of Debian, with the suite in place of the machine's release. */
async function sources(suite: Suite): Promise<string> {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(await readFile("/etc/os-release", "utf8"))?.[1] ?? "";
  const targets = await execa(
    "apt-get",
    ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"],
    { reject: false },
  );
  const lines = (targets.stdout ?? "")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, of = "", component]) => component === "main" && [release, `${release}-security`].includes(of))
    .map(([mirror, of = ""]) => `deb [signed-by=${KEYRING}] ${mirror} ${of.replace(release, suite)} main`);
  if (!existsSync(KEYRING) || lines.length === 0) {
    throw new Problem(
      `the sandbox's images are made from Debian's packages; this machine (${release || "unknown release"}) has ${existsSync(KEYRING) ? "no source of them in apt" : `no ${KEYRING}`}. Run it on Debian 12 or newer, as another user than root (then without a node), or in a container of Debian.`,
    );
  }
  return `${lines.join("\n")}\n`;
}
