import { existsSync } from "node:fs";
import { copyFile, glob, mkdir, readdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { Problem } from "../../cli/common/problem.ts";
import { step } from "../../cli/common/progress.ts";
import { sandboxImages } from "../images/index.ts";
import { imageNames } from "../images/names.ts";
import { unpackedImages } from "../images/unpacked.ts";
import type { Settings } from "../settings.ts";
import { tool } from "../tools/index.ts";
import { toolFolder } from "../tools/link.ts";
import { entering, findInit } from "./namespaces.ts";
import type { Part } from "./part.ts";

/** Inside the namespaces, where /run is the sandbox's own. */
export const containerdSocket = "/run/containerd/containerd.sock";

/** What statfs answers for overlayfs, on which another overlay cannot write (a clone inside a container). */
const OVERLAYFS_MAGIC = 0x794c7630;

export const containerd: Part = {
  name: "containerd",
  program: "containerd",
  programsOnPath: ["containerd-shim-runc-v2", "runc", "bridge", "host-local", "loopback"],
  node: true,
  ports: [],
  async prepare(settings) {
    const folder = join(settings.directory, "containerd");
    await mkdir(join(folder, "cni"), { recursive: true });
    await layOut(folder);
    const config = join(folder, "config.toml");
    await writeFile(config, await configuration(folder));
    await writeFile(join(folder, "cni", "10-pods.conflist"), JSON.stringify(podNetwork(settings), null, 2));
    return [`--config=${config}`];
  },
  async check(settings) {
    await ctr(settings, "version");
  },
};

/** Gives a new containerd the images, unpacked. */
async function layOut(folder: string): Promise<void> {
  const root = join(folder, "root");
  if (existsSync(root)) return;
  const images = await sandboxImages();
  const unpacked = await unpackedImages(images, await snapshotter(folder));
  const partial = `${root}.partial`;
  await rm(partial, { recursive: true, force: true });
  // Image files are never written: a container's changes are in its own folder.
  const { failed } = await execa("cp", ["--archive", "--link", unpacked, partial], { reject: false });
  if (failed) await execa("cp", ["--archive", "--reflink=auto", "--force", "--no-target-directory", unpacked, partial]);
  for await (const database of glob("*/*.db", { cwd: unpacked })) {
    await rm(join(partial, database), { force: true });
    await copyFile(join(unpacked, database), join(partial, database));
  }
  await mkdir(loadedImages(folder), { recursive: true });
  for (const file of images) await markLoaded(folder, file);
  await rename(partial, root);
}

function loadedImages(folder: string): string {
  return join(folder, "loaded-images");
}

/** An image's file is in a folder named after its content. */
function mark(file: string): string {
  return basename(dirname(file));
}

async function markLoaded(folder: string, file: string): Promise<void> {
  await writeFile(join(loadedImages(folder), mark(file)), "");
}

/** Loads the images that were made since containerd was given them. */
export async function loadImages(settings: Settings): Promise<void> {
  const folder = join(settings.directory, "containerd");
  const loaded = new Set(await readdir(loadedImages(folder)));
  const missing = (await sandboxImages()).filter((file) => !loaded.has(mark(file)));
  if (missing.length === 0) return;
  await step(`load ${missing.length} images`, async () => {
    for (const file of missing) {
      await ctr(settings, "images", "import", "--local", "--no-unpack", file);
      await markLoaded(folder, file);
    }
  });
}

/** Runs containerd's own client. */
async function ctr(settings: Settings, ...args: string[]): Promise<void> {
  const [nsenter, ...inside] = entering((await findInit(settings)) ?? 0) as [string, ...string[]];
  const command = [await tool("ctr"), "--address", containerdSocket, "--namespace", "k8s.io", ...args];
  const { failed, stderr } = await execa(nsenter, [...inside, ...command], { reject: false });
  if (failed) throw new Problem(`ctr ${args.join(" ")}: ${stderr}`);
}

async function snapshotter(folder: string): Promise<string> {
  return (await statfs(folder)).type === OVERLAYFS_MAGIC ? "native" : "overlayfs";
}

async function configuration(folder: string): Promise<string> {
  const text = JSON.stringify;
  return `version = 3
root = ${text(join(folder, "root"))}
state = "/run/containerd"
imports = []
disabled_plugins = ["io.containerd.nri.v1.nri"]

[grpc]
  address = "${containerdSocket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "/run/containerd/opt"

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "${await snapshotter(folder)}"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "${imageNames.pause}"

[plugins."io.containerd.cri.v1.runtime"]
  # To lower a container's OOM score takes CAP_SYS_RESOURCE, which root may lack on a virtual machine or in a container.
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = ${text(join(toolFolder, "runc"))}
      SystemdCgroup = false
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = [${text(toolFolder)}]
    conf_dir = ${text(join(folder, "cni"))}
`;
}

/** A bridge with an address range of its own. Addresses given out are forgotten with the namespaces. */
function podNetwork({ podNetwork, podGateway }: Settings) {
  return {
    cniVersion: "1.0.0",
    name: "pods",
    plugins: [
      {
        type: "bridge",
        bridge: "pods",
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          dataDir: "/run/cni",
          ranges: [[{ subnet: podNetwork, gateway: podGateway }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  };
}
