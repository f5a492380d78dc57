import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { cache } from "../../cli/common/paths.ts";
import { engineIn } from "../../cli/engine.ts";
import { tool } from "../../sandbox/tools/index.ts";
import { installStandIn } from "../install.ts";

/** What a test's program declares: the provider and, in this order, its resources. */
export interface Program {
  package: "kubernetes" | "aws" | "random";
  /** The provider's arguments. */
  provider: object;
  resources: Declaration[];
}

export interface Declaration {
  type: string;
  name: string;
  /** May hold `{ $secret: value }` and `{ $output: [resource, property, ...] }`. */
  properties: object;
  /** Names of outputs that are no inputs and that other resources refer to. */
  outputs?: string[];
  dependsOn?: string[];
  options?: { protect?: boolean; retainOnDelete?: boolean; import?: string };
}

export interface Outcome {
  exitCode: number;
  /** All that was printed. */
  text: string;
}

/** One step of `pulumi preview --json`. */
export interface Step {
  op: string;
  urn: string;
  newState?: { inputs?: Properties };
  detailedDiff: Record<string, { kind: string }> | null;
}

/** A resource as the state has it. */
export interface Recorded {
  urn: string;
  id?: string;
  inputs?: Properties;
  outputs?: Properties;
  initErrors?: string[];
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into what programs and APIs return
type Properties = Record<string, any>;

/** What a test's few commands of the engine take at most: each takes seconds, and many times that on a busy machine. */
const COMMANDS_MILLISECONDS = 120_000;

/** A stack of its own, with an engine, a state and plugins of its own, in a folder that vanishes with it. */
export class Stack {
  readonly directory: string;
  readonly #environment: Record<string, string>;
  readonly #pulumi: string;
  readonly #name: string;

  private constructor(directory: string, name: string, pulumi: string, environment: Record<string, string>) {
    this.directory = directory;
    this.#name = name;
    this.#pulumi = pulumi;
    this.#environment = environment;
  }

  static async create(name = "sandbox"): Promise<Stack> {
    const directory = await mkdtemp(join(tmpdir(), "upkeep-stack-"));
    // Each test says itself whether conflicts are forced.
    const { PULUMI_K8S_ENABLE_PATCH_FORCE: _, ...environment } = (await engineIn(directory)).environment;
    await installStandIn(join(directory, "pulumi-home"), "aws", join(import.meta.dirname, "aws/main.ts"));
    const main = relative(directory, join(import.meta.dirname, "program/index.ts"));
    const project = { name: "providers", main, runtime: { name: "nodejs", options: { typescript: false } } };
    await writeFile(join(directory, "Pulumi.yaml"), JSON.stringify(project));
    const variables = {
      ...environment,
      PROGRAM: join(directory, "program.json"),
      // Program and plugins start with every command: compiling them is a third of its time.
      NODE_COMPILE_CACHE: join(cache, "node"),
    };
    const stack = new Stack(directory, name, await tool("pulumi"), variables);
    const { exitCode, text } = await stack.run(["stack", "init", name]);
    if (exitCode !== 0) throw new Error(text);
    return stack;
  }

  async declare(program: Program): Promise<void> {
    await writeFile(join(this.directory, "program.json"), JSON.stringify(program));
  }

  async up(program: Program, environment: Record<string, string> = {}): Promise<Outcome> {
    await this.declare(program);
    return this.run(["up", "--yes", "--skip-preview"], environment);
  }

  async preview(program: Program): Promise<Outcome & { steps: Step[] }> {
    await this.declare(program);
    const outcome = await this.run(["preview", "--json", "--show-sames"]);
    const json = outcome.text.slice(outcome.text.indexOf("{"), outcome.text.lastIndexOf("}") + 1);
    return { ...outcome, steps: json ? (JSON.parse(json).steps ?? []) : [] };
  }

  async run(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    return this.start(args, environment).outcome;
  }

  /** Starts the engine without waiting for it. */
  start(args: string[], environment: Record<string, string> = {}): { pid: number; outcome: Promise<Outcome> } {
    const engine = execa(this.#pulumi, [...args, "--non-interactive", "--color=never"], {
      cwd: this.directory,
      env: { ...this.#environment, ...environment },
      extendEnv: false,
      all: true,
      reject: false,
      stdin: "ignore",
    });
    const outcome = engine.then(({ exitCode = -1, all }) => ({ exitCode, text: all }));
    return { pid: engine.pid ?? -1, outcome };
  }

  /** The state on disk. */
  async stateFile(): Promise<string> {
    return readFile(join(this.directory, "state/.pulumi/stacks/providers", `${this.#name}.json`), "utf8");
  }

  /** @param name the resource's in the program */
  async recorded(name: string): Promise<Recorded | undefined> {
    const { checkpoint } = JSON.parse(await this.stateFile());
    const resources: Recorded[] = checkpoint.latest?.resources ?? [];
    return resources.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Stacks for one suite of tests, removed after each of them. */
export function stacks(): (name?: string) => Promise<Stack> {
  const open: Stack[] = [];
  beforeEach(function () {
    this.currentTest?.timeout(COMMANDS_MILLISECONDS);
  });
  afterEach(() => Promise.all(open.splice(0).map((stack) => stack.remove())));
  return async (name) => {
    const stack = await Stack.create(name);
    open.push(stack);
    return stack;
  };
}

/** The step of a preview for one resource of the program. */
export function stepOf(steps: Step[], name: string): Step | undefined {
  return steps.find(({ urn }) => urn.endsWith(`::${name}`));
}
