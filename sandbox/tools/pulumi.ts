import { existsSync, realpathSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { execa } from "execa";
import { cache } from "../../cli/common/paths.ts";
import { Problem } from "../../cli/common/problem.ts";
import { say } from "../../cli/common/progress.ts";
import { type Cost, type GoModule, goPrograms } from "./go.ts";
import { writeScript } from "./link.ts";

/** The first engine that accepts a policy pack as an executable and previews through the stand-in providers. */
const OLDEST = "3.255.0";
const BUILT = "3.259.0";

const engine: GoModule = {
  module: "github.com/pulumi/pulumi/pkg/v3",
  programs: { pulumi: "cmd/pulumi" },
  tags: "osusergo,grpcnotrace",
  stamps: (version) => ({ "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version }),
  seconds: 4 * 60,
  gigabytes: 3,
};

const languageHost: GoModule = {
  module: "github.com/pulumi/pulumi/sdk/v3",
  programs: { "pulumi-language-nodejs": "nodejs/cmd/pulumi-language-nodejs" },
  seconds: 30,
  gigabytes: 0.5,
};

/** The engine and its language host, built here. */
export const pulumiCost: Cost = {
  seconds: engine.seconds + languageHost.seconds,
  gigabytes: engine.gigabytes + languageHost.gigabytes,
};

/** The Pulumi engine: the person's own where its version fits, else one built here. */
export async function pulumi(): Promise<string> {
  const found = await findOnPath();
  if (found && isAtLeast(found.version, OLDEST)) return found.path;
  if (found) say(`pulumi ${found.version} on PATH is older than ${OLDEST}: using a built ${BUILT}`);

  const host = await goPrograms("pulumi-language-nodejs", languageHost);
  const folder = await goPrograms("pulumi", engine);
  // The last language host that is a versioned Go module starts ts-node unless an option turns that off, which today's engine
  // does not set; Node runs TypeScript by itself. The engine accepts the host in its own folder without a warning.
  const fromHere = `"\${0%/*}"/../${basename(host)}/pulumi-language-nodejs`;
  await writeScript(join(folder, "pulumi-language-nodejs"), [`exec ${fromHere} -typescript=false "$@"`]);
  return join(folder, "pulumi");
}

/** The person's own engine. @throws Problem when there is none, or only an older one */
export async function ownPulumi(): Promise<string> {
  const found = await findOnPath();
  if (found && isAtLeast(found.version, OLDEST)) return found.path;
  throw new Problem(
    `Pulumi ${OLDEST} or newer is needed; ${found ? `${found.path} is ${found.version}` : 'no "pulumi" is on PATH'}. Fix: install it (https://www.pulumi.com/docs/install)`,
  );
}

async function findOnPath(): Promise<{ path: string; version: string } | undefined> {
  // Compared as they really are: a copy of the clone links its cache, and would take the engine built here for the person's own.
  const own = real(cache);
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder && !real(folder).startsWith(own));
  const path = folders.map((folder) => join(folder, "pulumi")).find((file) => existsSync(file));
  if (!path) return undefined;
  const answer = await execa(path, ["version"], { reject: false, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const version = /^v?(\d+\.\d+\.\d+)/.exec(answer.stdout ?? "")?.[1];
  return version ? { path, version } : undefined;
}

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Compares versions of the form `3.255.0`. */
function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, "en", { numeric: true }) >= 0;
}
