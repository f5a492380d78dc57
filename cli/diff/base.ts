import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Posture } from "../../domain/posture.ts";
import type { Configuration } from "../../policies/configuration.ts";
import { cachedFolder, cacheRoot } from "../../sandbox/tools/cached.ts";
import { clone, packed } from "../common/paths.ts";
import { Problem } from "../common/problem.ts";
import { stackConfig } from "../common/stackFile.ts";
import { packConfiguration } from "../policyPack.ts";
import { withPreview } from "../preview.ts";
import { failureOf, judged } from "./judged.ts";
import type { Violation } from "./report.ts";
import { checkOut, providerVersions } from "./revision.ts";
import { type Deployment, Plan, stateOf } from "./state.ts";
import { BASE_ADVISES } from "./violations.ts";

/** What a commit declares for a stack. */
export interface Base {
  /** The state that its `up` would record; absent if it does not have the stack. */
  state?: Deployment;
  /** All resources of that state. */
  resources: Record<string, unknown>[];
  posture?: Posture;
  violations: Omit<Violation, "isNew">[];
  config?: Record<string, unknown>;
  /** Versions of the vendors' providers, by name. */
  versions: Record<string, string>;
}

type Kept = Omit<Base, "resources">;

/** How many commits and stacks stay cached. */
const KEPT = 20;

/** Previewed once for each commit and stack. @throws Problem when the commit's own preview fails */
export async function baseOf(commit: string, stack: string): Promise<Base> {
  const folder = await cachedFolder(`diff-base-${stack}`, [commit, ...(await sources())], async (target) => {
    const files = await mkdtemp(join(tmpdir(), "upkeep-base-"));
    try {
      const program = await checkOut(commit, files);
      await writeFile(join(target, "base.json"), JSON.stringify(await preview(stack, program, commit)), {
        mode: 0o600,
      });
    } finally {
      await rm(files, { recursive: true, force: true });
    }
  });
  const base: Kept = JSON.parse(await readFile(join(folder, "base.json"), "utf8"));
  await prune();
  return { ...base, resources: base.state?.deployment.resources ?? [] };
}

/** Removes all but the newest: each commit of a branch that is compared with leaves some megabytes. */
async function prune(): Promise<void> {
  const root = await cacheRoot();
  const names = (await readdir(root)).filter((name) => name.startsWith("diff-base-") && !name.includes(".partial-"));
  const dated = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(root, name))).mtimeMs })));
  const old = dated.sort((one, other) => other.time - one.time).slice(KEPT);
  await Promise.all(old.map(({ name }) => rm(join(root, name), { recursive: true, force: true })));
}

/** What decides, beside the commit, what the state looks like. */
async function sources(): Promise<string[]> {
  const folders = packed ? ["dist/cli", "dist/standins"] : ["cli/diff", "standins"];
  const files = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(clone, folder), { recursive: true });
      return names.map((name) => join(folder, name));
    }),
  );
  const code = files.flat().filter((file) => /\.[jt]s$/.test(file) && !file.startsWith("standins/test/"));
  return Promise.all(code.sort().map((file) => readFile(join(clone, file), "utf8")));
}

/** A configuration whose policies advise, with its profile and its policies' settings. Whether its terms have ended is no question here. */
function advising(configuration: Configuration = {}): Configuration {
  const settings = Object.entries(configuration).map(([name, entry]) => {
    const {
      enforcementLevel: _,
      reason: __,
      until: ___,
      ...rest
    } = typeof entry === "object" && entry !== null ? (entry as Configuration) : {};
    return [name, rest] as const;
  });
  const { all, ...policies } = Object.fromEntries(settings);
  const until = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10);
  return { ...policies, all: { ...all, enforcementLevel: "advisory", reason: BASE_ADVISES, until } };
}

async function preview(stack: string, folder: string, commit: string): Promise<Kept> {
  const versions = await providerVersions(folder);
  if (!existsSync(join(folder, `Pulumi.${stack}.yaml`))) return { violations: [], versions };
  const config = await stackConfig(stack, folder);
  return withPreview(
    stack,
    async (engine, args, scratch) => {
      const plan = join(scratch, "plan.json");
      // What the base violates is known, and ends no preview.
      const levels = join(scratch, "levels.json");
      await writeFile(levels, JSON.stringify(advising(await packConfiguration(stack, folder))));
      const pack = join(folder, packed ? "node_modules/upkeep" : "", "policies/upkeep");
      const judges = existsSync(pack) ? ["--policy-pack", pack, "--policy-pack-config", levels] : [];
      const found = await judged(engine, [...args, "--save-plan", plan, ...judges], scratch, folder);
      if (found.exitCode !== 0) {
        const why = failureOf(found).join("\n");
        throw new Problem(
          `the preview of ${stack} at ${commit.slice(0, 12)} fails, so nothing can be compared with it:\n${why}`,
        );
      }
      const { encryptionsalt } = parse(await readFile(join(scratch, `Pulumi.${stack}.yaml`), "utf8"));
      const { digest, events } = found;
      return {
        state: stateOf(digest.steps, Plan.parse(JSON.parse(await readFile(plan, "utf8"))), events.ids, encryptionsalt),
        posture: events.outputs.posture as Posture,
        violations: events.violations,
        config,
        versions,
      };
    },
    { folder, standIns: { flags: ["--offline", "--invents"], versions } },
  );
}
