import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa, type ResultPromise } from "execa";
import { engineIn } from "../../sandbox/engine.ts";

/** What a test's program declares: the provider and, in this order, its resources. */
export interface Program {
  /** "kubernetes", "aws" or "random". */
  package: string;
  provider: object;
  resources: Declaration[];
}

/** `properties` may hold `{ $secret: value }` and `{ $output: [resource, property, ...] }`. */
export interface Declaration {
  type: string;
  name: string;
  properties: object;
  options?: { dependsOn?: string[]; deleteBeforeReplace?: boolean; import?: string; protect?: boolean };
}

export interface Outcome {
  exitCode: number;
  /** Everything that was printed. */
  text: string;
}

/** A step of `pulumi preview --json`. */
export interface Step {
  op: string;
  urn: string;
  newState?: { inputs: Record<string, any>; outputs: Record<string, any> };
  diffReasons?: string[];
  replaceReasons?: string[];
  detailedDiff?: Record<string, { kind: string }>;
}

/** A stack of its own, with an engine, a state and plugins of its own, in a folder that vanishes with it. */
export class Stack {
  readonly #directory: string;
  readonly #environment: Record<string, string>;
  readonly #pulumi: string;

  private constructor(directory: string, pulumi: string, environment: Record<string, string>) {
    this.#directory = directory;
    this.#pulumi = pulumi;
    this.#environment = environment;
  }

  static async create(name = "sandbox"): Promise<Stack> {
    const directory = await mkdtemp(join(tmpdir(), "upkeep-stack-"));
    const { environment } = await engineIn(directory);
    const main = relative(directory, join(import.meta.dirname, "program/index.ts"));
    await writeFile(
      join(directory, "Pulumi.yaml"),
      JSON.stringify({ name: "providers", main, runtime: { name: "nodejs", options: { typescript: false } } }),
    );
    const stack = new Stack(directory, "pulumi", { ...environment, PROGRAM: join(directory, "program.json") });
    const { exitCode, text } = await stack.run(["stack", "init", name]);
    if (exitCode !== 0) throw new Error(text);
    return stack;
  }

  async declare(program: Program): Promise<void> {
    await writeFile(join(this.#directory, "program.json"), JSON.stringify(program));
  }

  async up(program: Program, environment: Record<string, string> = {}): Promise<Outcome> {
    await this.declare(program);
    return this.run(["up", "--yes", "--skip-preview"], environment);
  }

  async preview(program: Program): Promise<Outcome & { steps: Step[] }> {
    await this.declare(program);
    const { exitCode, text } = await this.run(["preview", "--json", "--show-sames"]);
    const json = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
    return { exitCode, text, steps: json ? (JSON.parse(json).steps ?? []) : [] };
  }

  /** The engine itself, for a test that kills it. */
  start(args: string[], environment: Record<string, string> = {}): ResultPromise<{ all: true; reject: false }> {
    return execa(this.#pulumi, [...args, "--non-interactive", "--color=never"], {
      cwd: this.#directory,
      env: { ...this.#environment, ...environment },
      extendEnv: false,
      preferLocal: false,
      all: true,
      reject: false,
      stdin: "ignore",
    });
  }

  async run(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const { exitCode, all } = await this.start(args, environment);
    return { exitCode: exitCode ?? -1, text: all };
  }

  /** The state's file, as it is on disk. */
  async state(): Promise<string> {
    const stacks = join(this.#directory, "state/.pulumi/stacks/providers");
    return readFile(join(stacks, "sandbox.json"), "utf8");
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true });
  }
}
