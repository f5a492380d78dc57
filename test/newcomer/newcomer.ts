import { globSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cache, clone } from "../../cli/common/paths.ts";

/** Someone who has just cloned the project. */
export interface Newcomer {
  clone: string;
  environment: Record<string, string>;
  /** What runs a command as that person. */
  command: string[];
  remove(): Promise<void>;
}

/** Programs that the README names; what Debian's essential packages and its package manager bring comes on top. */
const named = ["node", "npm", "go", "gofmt", "gcc", "cc", "python3", "make", "git", "ip"];

/**
 * A fresh clone, an empty home folder, and on PATH only what the README names. The built tools are the gate's own, linked: building
 * them again would take half an hour and prove nothing that the gate's own set-up did not.
 *
 * @param user an account; undefined is root
 */
export async function newcomer(user: string | undefined): Promise<Newcomer> {
  const folder = await mkdtemp("/var/tmp/upkeep-newcomer-");
  const [home, bin, work] = [join(folder, "home"), join(folder, "bin"), join(folder, "upkeep")];
  await Promise.all([mkdir(home), mkdir(bin)]);
  await execa("git", ["clone", "--quiet", clone, work]);
  // Not a link to it: what is removed below would be removed from the gate's own.
  await execa("cp", ["--archive", "--link", await realpath(cache), join(work, ".cache")]);
  // A virtual environment points to the Python that made it, which may be in a home folder.
  for (const environment of globSync(join(work, ".cache/python-*"))) await rm(environment, { recursive: true });
  for (const program of await programs())
    await symlink(program, join(bin, program.split("/").at(-1) as string)).catch(() => {});
  // Linked files stay whose they are: only the folders change hands.
  if (user)
    await execa("find", [
      folder,
      "(",
      "-type",
      "d",
      "-o",
      "-not",
      "-path",
      "*/.cache/*",
      ")",
      "-exec",
      "chown",
      "-h",
      user,
      "{}",
      "+",
    ]);
  return {
    clone: work,
    environment: { HOME: home, PATH: bin, LANG: "C.UTF-8", ...registries() },
    command: user ? ["setpriv", `--reuid=${user}`, "--clear-groups", `--regid=${await groupOf(user)}`] : ["env"],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function programs(): Promise<string[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's
  const essential = await execa("dpkg-query", ["--show", "--showformat=${Essential} ${Package}\\n"]);
  const packages = essential.stdout.split("\n").flatMap((line) => (line.startsWith("yes ") ? [line.slice(4)] : []));
  const { stdout } = await execa("dpkg-query", ["--listfiles", ...packages, "apt", "mount", "passwd"]);
  const files = stdout.split("\n").filter((file) => /^(\/usr)?\/s?bin\/[^/]+$/.test(file));
  const found = await Promise.all(
    named.map(async (name) => (await execa("which", ["-a", name], { reject: false })).stdout.split("\n")),
  );
  return [
    ...files,
    ...found.flatMap(
      (paths) => paths.find((path) => !path.startsWith("/root/") && !path.includes("node_modules")) ?? [],
    ),
  ];
}

/** How this machine's package managers reach their registries, where its environment says so. */
function registries(): Record<string, string> {
  const names =
    /^(GOPROXY|GONOSUMDB|GOSUMDB|PIP_|npm_config_|NPM_CONFIG_|https?_proxy|no_proxy|SSL_CERT_|NODE_EXTRA_CA_CERTS)/i;
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => names.test(entry[0])),
  );
}

async function groupOf(user: string): Promise<string> {
  return (await execa("id", ["--group", user])).stdout;
}
