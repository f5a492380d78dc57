import { statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa, type Options } from "execa";
import { tool, toolsOnPath } from "../sandbox/tools/index.ts";
import { kubernetesProviderName } from "../sandbox/tools/kubernetesProvider.ts";
import { ownPulumi } from "../sandbox/tools/pulumi.ts";
import { installStandIns, type StandIns } from "../standins/install.ts";
import { cache, clone, packed, repository, sandboxDirectory } from "./common/paths.ts";
import { Problem } from "./common/problem.ts";

/** The Pulumi engine with everything it needs in a folder of its own: state, plugins, no login, no passphrase. */
export interface Engine {
  environment: Record<string, string>;
  /** Runs a command of the engine, its output on the terminal. @throws Problem when it fails */
  run(args: string[], options?: Options): Promise<void>;
  /** Runs a command of the engine and returns what it printed. @throws Problem when it fails */
  ask(args: string[], options?: Options): Promise<string>;
  /** Runs a command of the engine that may fail. */
  attempt(args: string[], options?: Options): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }>;
}

/**
 * Variables that the engine must not inherit from the user: it would deploy to, or read from, what they point at. Those that say how a
 * program is run are no such.
 */
const ambient = /^(PULUMI_(?!NODEJS_)|AWS_|KUBECONFIG$|KUBERNETES_)/;

const choices = ["stand-ins", "vendor-kubernetes", "vendor"] as const;

/**
 * Which provider plugins run, by `PROVIDERS`: the stand-ins; the vendor's own for Kubernetes, built here, beside the stand-ins for the
 * others; or those that the engine downloads.
 *
 * @throws Problem when it is something else
 */
export function chosenProviders(chosen = process.env.PROVIDERS || "stand-ins"): (typeof choices)[number] {
  if (packed) return "stand-ins";
  const choice = choices.find((name) => name === chosen);
  if (choice) return choice;
  throw new Problem(`PROVIDERS is "${chosen}"; allowed: ${choices.join(", ")}. Fix: leave it out for stand-ins`);
}

/**
 * @param directory holds the engine's state and plugins
 * @param extra variables of its environment
 * @param standIns how its stand-ins are installed
 */
export async function engineIn(
  directory: string,
  extra: Record<string, string> = {},
  standIns: Omit<StandIns, "instead"> = {},
): Promise<Engine> {
  const home = join(directory, "pulumi-home");
  const state = join(directory, "state");
  await mkdir(state, { recursive: true });
  await mkdir(home, { recursive: true });
  // The engine logs everything, 57 MB for an `up`, which takes a fifth of its time. No setting turns that off; if its log folder
  // cannot exist, it does not log. An older sandbox has the folder.
  const logs = join(home, "logs");
  if (statSync(logs, { throwIfNoEntry: false })?.isDirectory()) await rm(logs, { recursive: true });
  await writeFile(logs, "");
  const providers = chosenProviders();
  if (providers !== "vendor") {
    const instead = providers === "vendor-kubernetes" && { kubernetes: await tool(kubernetesProviderName) };
    await installStandIns(home, { ...standIns, ...(instead && { instead }) });
  }
  const program = await pulumiProgram();
  const environment: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] => !ambient.test(entry[0]) && entry[1] !== undefined,
      ),
    ),
    PATH: await searchPath(),
    PULUMI_HOME: home,
    // Without it each checkpoint has a second file, for the blob's attributes, that is not replaced but written in place: an engine
    // killed in that moment leaves it empty, and every later command fails with `EOF`.
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "",
    // The program, the pack and each plugin are a Node of their own: compiled once, all start sooner.
    NODE_COMPILE_CACHE: join(cache, "node"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The engine writes the whole state before and after each step; collect that garbage less often.
    GOGC: "400",
    // The program's `enablePatchForce`, which the built release does not know as an argument yet.
    ...(providers === "vendor-kubernetes" && { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" }),
    ...(providers !== "vendor" && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    ...extra,
  };
  return engine(program, environment);
}

/** The engine's program: a team's repository has its own, a clone builds one if need be. */
function pulumiProgram(): Promise<string> {
  return packed ? ownPulumi() : tool("pulumi");
}

/** Where the engine finds Node and its language host. */
async function searchPath(): Promise<string> {
  if (packed) return process.env.PATH ?? "";
  return [join(clone, "node_modules/.bin"), await toolsOnPath(["pulumi"])].join(delimiter);
}

function engine(program: string, environment: Record<string, string>): Engine {
  const base = { cwd: repository, env: environment, extendEnv: false, reject: false } as const;
  const check = (args: string[], result: { exitCode?: number; stderr?: unknown }) => {
    if (result.exitCode === 0) return;
    throw new Problem(
      `pulumi ${args.join(" ")} failed with exit code ${result.exitCode}\n${result.stderr ?? ""}`.trimEnd(),
    );
  };
  return {
    environment,
    async run(args, options = {}) {
      check(args, await execa(program, args, { ...base, stdio: ["ignore", "inherit", "inherit"], ...options }));
    },
    async ask(args, options = {}) {
      const result = await execa(program, args, { ...base, stdin: "ignore", ...options });
      check(args, result);
      return String(result.stdout);
    },
    async attempt(args, options = {}) {
      const { exitCode, stdout, stderr } = await execa(program, args, { ...base, stdin: "ignore", ...options });
      return { exitCode, stdout: String(stdout), stderr: String(stderr) };
    },
  };
}

/** The engine of a running sandbox. */
export function sandboxEngine(): Promise<Engine> {
  return engineIn(sandboxDirectory);
}

/** Whether a stack is that of the sandbox: a team may name its own so. */
export function isSandbox(stack: string): boolean {
  return stack === "sandbox" && !packed;
}

/** The engine that a stack is deployed with. */
export function engineOf(stack: string): Promise<Engine> {
  return isSandbox(stack) ? sandboxEngine() : ownEngine();
}

/** The engine for a real environment: with the user's login, plugins and cluster. */
async function ownEngine(): Promise<Engine> {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined));
  return engine(await pulumiProgram(), environment as Record<string, string>);
}

/** The policy pack in the form that every engine from 3.255 on starts fastest, and that a built one starts at all. */
export const policyPack = join(clone, "policies/upkeep");

/** Selects the stack, and creates it if missing. */
export async function selectStack(engine: Engine, stack: string): Promise<void> {
  await engine.ask(["stack", "select", "--create", "--stack", stack]);
}
