import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Report } from "../../cli/diff/report.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { copyWith, declareIn, enableIn } from "../support/copyWith.ts";

/** What `make diff` printed about a change, and how it ended. */
export interface Outcome {
  report: Report;
  exitCode: number | undefined;
}

/** A resource of the repository's own beside the services: a Secret whose value a preview must never show. */
const ownSecret = `
import { readFileSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const provider = new kubernetes.Provider("own", { context: "prod", kubeconfig: "", enableSecretMutable: true });
const metadata = { name: "token", namespace: "shop" };
const token = pulumi.secret(readFileSync("token.txt", "utf8"));
new kubernetes.core.v1.Secret("token", { metadata, stringData: { token } }, { provider });
`;

/** A clone of its own whose services are committed: each change starts from that commit. */
export class Repository {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param services of which all are declared, and those of `enabled` are in prod
   * @param code of its program, beside them
   */
  static async create(services: Service[], enabled: string[], code = ""): Promise<Repository> {
    const repository = new Repository(await copyWith("upkeep-diff-", ...services));
    await enableIn(repository.folder, "prod", enabled);
    await appendFile(join(repository.folder, "index.ts"), ownSecret + code);
    await writeFile(join(repository.folder, "token.txt"), "first-token-of-the-shop");
    await repository.#git("init", "--quiet", "--initial-branch=main");
    // The links to packages and tools are no folders, which the clone's own list ignores.
    await writeFile(join(repository.folder, ".git/info/exclude"), "node_modules\n.cache\n");
    await repository.#git("add", "--all");
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    await repository.#git(...author, "commit", "--quiet", "--message=Declare services");
    return repository;
  }

  /** Changes files, asks for the difference, and takes the change back. */
  async diff(change: (folder: string) => Promise<void>): Promise<Outcome> {
    await change(this.folder);
    try {
      const { stdout, stderr, exitCode } = await this.print("--json");
      if (!stdout.startsWith("[")) throw new Error(stderr);
      return { report: (JSON.parse(stdout) as [Report])[0], exitCode };
    } finally {
      await this.#git("checkout", "--quiet", "--", ".");
      await this.#git("clean", "--quiet", "--force");
    }
  }

  /** What the command prints about the files as they are. */
  async print(...flags: string[]) {
    const args = ["cli/main.ts", "diff", "--base=main", "prod", ...flags];
    return execa(process.execPath, args, { cwd: this.folder, reject: false, stdin: "ignore" });
  }

  /** Tracked files that differ. */
  async changed(): Promise<string> {
    return (await this.#git("status", "--porcelain")).stdout;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #git(...args: string[]) {
    return execa("git", args, { cwd: this.folder });
  }
}

/** Declares a service anew. */
export function declaring(...services: Service[]): (folder: string) => Promise<void> {
  return async (folder) => {
    for (const service of services) await declareIn(folder, service);
  };
}
