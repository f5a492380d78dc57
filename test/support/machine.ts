import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { sandboxImages } from "../../sandbox/images/index.ts";

/**
 * A machine that has nothing of the cluster: the files of an image as its root, this host's network, and the program's folder
 * `programs/`. Its processes end with the command that started them.
 */
export class Machine {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** @param image a name of sandbox/images/names.ts */
  static async of(image: string): Promise<Machine> {
    const root = await mkdtemp(join(tmpdir(), "upkeep-machine-"));
    const tar = await archiveOf(image);
    const blob = (digest: string) => `./blobs/${digest.replace(":", "/")}`;
    const text = async (file: string) => JSON.parse((await execa("tar", ["-xOf", tar, file])).stdout);
    const index = await text("./index.json");
    const manifest = await text(blob(index.manifests[0].digest));
    const layer = blob(manifest.layers[0].digest);
    await execa("bash", ["-o", "pipefail", "-c", `tar -xOf ${tar} ${layer} | tar -x --numeric-owner -C ${root}`]);
    await cp(join(clone, "programs"), join(root, "programs"), { recursive: true });
    return new Machine(root);
  }

  /** Starts a program of bash as a user of the image, with these variables alone. */
  start(user: number, program: string, environment: Record<string, string>) {
    // Not exec: a process that changes its user no longer dies with its parent.
    const inside = `mkdir -p ${this.root}/{dev,proc} && mount --rbind /dev ${this.root}/dev && mount -t proc proc ${this.root}/proc && chroot --userspec=${user}:${user} ${this.root} /usr/bin/bash -c "$PROGRAM"; exit $?`;
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: "/tmp",
      ...environment,
      PROGRAM: `PATH=${this.path()}; ${program}`,
    };
    return execa("unshare", ["--mount", "--pid", "--fork", "--kill-child", "bash", "-c", inside], {
      env,
      extendEnv: false,
      all: true,
      reject: false,
    });
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true });
  }

  private path(): string {
    const standard = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    return `${standard}:$(echo /usr/lib/postgresql/*/bin)`;
  }
}

/** The OCI layout in a tar that the sandbox made of an image. */
async function archiveOf(image: string): Promise<string> {
  for (const tar of await sandboxImages()) {
    const { stdout } = await execa("tar", ["-xOf", tar, "./index.json"]);
    if (stdout.includes(`"${image}"`)) return tar;
  }
  throw new Error(`there is no image ${image}`);
}
