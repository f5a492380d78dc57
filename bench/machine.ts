import { execFile, spawn } from "node:child_process";
import { chown, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { users } from "../domain/kubernetes/images.ts";
import { imageNames } from "../sandbox/images/names.ts";
import { recipes } from "../sandbox/images/recipes.ts";
import { makeRoot } from "../sandbox/images/root-filesystem.ts";

const run = promisify(execFile);

/** Duration and peak use of a command. */
export interface Cost {
  seconds: number;
  /** Memory of all its processes at a sample. */
  mebibytes: number;
  /** Size of the files under /scratch at a sample. */
  scratchMebibytes: number;
}

/** Sampling ten times as often would use a fifth of a core. */
const SAMPLE_MILLISECONDS = 1000;

/** The root filesystem of a PostgreSQL image, in which commands run as its user, without a container around them. */
export class Machine {
  readonly major: 15 | 17;
  readonly #root: string;

  private constructor(major: 15 | 17, root: string) {
    this.major = major;
    this.#root = root;
  }

  /** @param root an empty folder on a disk with space for the databases. Needs root. */
  static async make(major: 15 | 17, root: string): Promise<Machine> {
    const recipe = recipes.find(({ name }) => name === imageNames.postgres(major));
    if (!recipe) throw new Error(`there is no image of PostgreSQL ${major}`);
    await makeRoot(recipe, root);
    for (const [name, minor] of Object.entries({ null: "3", zero: "5", urandom: "9" })) {
      await run("mknod", ["--mode=666", join(root, "dev", name), "c", "1", minor]).catch(async () => {
        await mkdir(join(root, "dev"), { recursive: true });
        await run("mknod", ["--mode=666", join(root, "dev", name), "c", "1", minor]);
      });
    }
    for (const folder of ["scratch", "data", "tmp"]) {
      await mkdir(join(root, folder), { recursive: true });
      await chown(join(root, folder), users.postgres, users.postgres);
    }
    return new Machine(major, root);
  }

  /** Runs a bash program. @returns what it printed @throws with what it wrote to stderr, when it fails */
  async bash(program: string, environment: Record<string, string> = {}): Promise<string> {
    return (await this.measured(program, environment)).printed;
  }

  /** Runs a bash program, and measures what it uses. */
  async measured(program: string, environment: Record<string, string> = {}): Promise<Cost & { printed: string }> {
    const variables = { ...this.#environment, ...environment };
    const start = performance.now();
    const child = spawn(
      "chroot",
      [
        ...[`--userspec=${users.postgres}:${users.postgres}`, this.#root, "/usr/bin/env", "-i"],
        ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
        ...["bash", "-c", program],
      ],
      // Its own process group identifies all processes that it starts.
      { detached: true, stdio: ["ignore", "pipe", "pipe"] },
    );
    const printed: string[] = [];
    const wrong: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text) => printed.push(text));
    child.stderr.setEncoding("utf8").on("data", (text) => wrong.push(text));
    const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    const peak = { mebibytes: 0, scratchMebibytes: 0 };
    let over = false;
    const watching = (async () => {
      for (; !over; await sleep(SAMPLE_MILLISECONDS)) {
        peak.mebibytes = Math.max(peak.mebibytes, await residentMebibytes(child.pid as number));
        peak.scratchMebibytes = Math.max(peak.scratchMebibytes, await folderMebibytes(join(this.#root, "scratch")));
      }
    })();
    const code = await ended;
    const seconds = (performance.now() - start) / 1000;
    over = true;
    await watching;
    if (code !== 0) throw new Error(`PostgreSQL ${this.major}: exit ${code}: ${wrong.join("")}\n${program}`);
    return { seconds, ...peak, printed: printed.join("").trim() };
  }

  /** Bytes of a file. */
  async size(path: string): Promise<number> {
    return (await stat(join(this.#root, path))).size;
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  get #environment(): Record<string, string> {
    return {
      PATH: `/usr/local/bin:/usr/bin:/bin:/usr/lib/postgresql/${this.major}/bin`,
      LANG: "en_US.utf8",
      HOME: "/tmp",
      // A drill has its own server in /tmp.
      PGHOST: "/data",
      PGUSER: "postgres",
    };
  }
}

/** Memory of the processes of one group. */
async function residentMebibytes(group: number): Promise<number> {
  const pages = await Promise.all(
    (await readdir("/proc")).map(async (entry) => {
      if (!/^\d+$/.test(entry)) return 0;
      try {
        const [, fields = ""] = (await readFile(`/proc/${entry}/stat`, "utf8")).split(") ");
        // State, parent, group; then, as the 22nd after the name, pages of resident memory.
        const values = fields.split(" ");
        return Number(values[2]) === group ? Number(values[21]) : 0;
      } catch {
        return 0; // It ended in the meantime.
      }
    }),
  );
  return pages.reduce((sum, one) => sum + one, 0) / 256;
}

async function folderMebibytes(folder: string): Promise<number> {
  // Files that vanish meanwhile are not counted.
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(folder, file)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, one) => sum + one, 0) / 2 ** 20;
}
