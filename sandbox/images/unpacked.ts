import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Problem } from "../../cli/common/problem.ts";
import { step } from "../../cli/common/progress.ts";
import { cachedFolder } from "../tools/cached.ts";
import { tool } from "../tools/index.ts";

const PATIENCE_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 100;

/**
 * What containerd keeps on disk once it has these images, each unpacked: unpacking them again in every sandbox would double the time
 * of its start.
 *
 * @param images absolute paths of OCI layouts in tars; each in a folder that is named after its content
 * @param snapshotter how containerd lays a container's files over its image's
 * @returns the absolute path of a folder to copy to a containerd's `root`. Data bases in it are changed in place: of
 *     these a copy may not be a link.
 */
export async function unpackedImages(images: readonly string[], snapshotter: string): Promise<string> {
  const [containerd, ctr] = [await tool("containerd"), await tool("ctr")];
  const inputs = [containerd, snapshotter, ...images.map((file) => basename(dirname(file)))];
  const folder = await cachedFolder("unpacked-images", inputs, (partial) =>
    step(`unpack ${images.length} images`, () => unpack(join(partial, "root"), images, snapshotter, containerd, ctr)),
  );
  return join(folder, "root");
}

async function unpack(
  root: string,
  images: readonly string[],
  snapshotter: string,
  containerd: string,
  ctr: string,
): Promise<void> {
  // A socket's path has at most 107 bytes.
  const state = await mkdtemp(join(tmpdir(), "upkeep-unpack-"));
  const address = join(state, "socket");
  const config = join(state, "config.toml");
  await mkdir(root);
  const text = JSON.stringify;
  await writeFile(
    config,
    `version = 3
root = ${text(root)}
state = ${text(join(state, "state"))}
imports = []
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.nri.v1.nri"]

[grpc]
  address = ${text(address)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(state, "opt"))}
`,
  );
  // Its mounts are its own, and end with it.
  const server = execa("unshare", ["--mount", containerd, `--config=${config}`], { reject: false, all: true });
  let output: string | undefined;
  void server.then(({ all }) => {
    output = all;
  });
  const run = (...args: string[]) =>
    execa(ctr, ["--address", address, "--namespace", "k8s.io", ...args], { reject: false });
  try {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    while ((await run("version")).failed) {
      if (output !== undefined) throw new Problem(`containerd ended:\n${output}`);
      if (Date.now() > deadline) throw new Problem(`containerd does not serve after ${PATIENCE_MILLISECONDS / 1000} s`);
      await sleep(POLL_MILLISECONDS);
    }
    for (const file of images) {
      const { failed, stderr } = await run("images", "import", "--local", "--snapshotter", snapshotter, file);
      if (failed) throw new Problem(`ctr images import ${file}: ${stderr}`);
    }
  } finally {
    server.kill();
    await server;
    await rm(state, { recursive: true, force: true });
  }
}
