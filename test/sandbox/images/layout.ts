import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";

export interface Image {
  name: string;
  config: { User?: string; Env: string[]; Labels: Record<string, string> };
  /** Blobs whose content has another digest. */
  damaged: string[];
  /** Names of the programs in the folders of its PATH. */
  programs: Set<string>;
  /** Runs a command in its root filesystem, as root, and gives what it printed. */
  run(command: string[]): Promise<string>;
}

/** Reads an OCI layout in a tar as a container runtime does: from the index down. */
export async function readImage(file: string): Promise<Image> {
  const scratch = await mkdtemp(join(tmpdir(), "upkeep-layout-"));
  after(() => rm(scratch, { recursive: true, force: true }));
  await execa("tar", ["--extract", "--file", file, "--directory", scratch]);

  const blob = (digest: string) => join(scratch, "blobs", digest.replace(":", "/"));
  const json = async (path: string) => JSON.parse(await readFile(path, "utf8"));
  const [entry] = (await json(join(scratch, "index.json"))).manifests;
  const manifest = await json(blob(entry.digest));
  const { config } = await json(blob(manifest.config.digest));

  const damaged: string[] = [];
  for (const digest of await readdir(join(scratch, "blobs/sha256"))) {
    const content = await readFile(blob(`sha256:${digest}`));
    if (createHash("sha256").update(content).digest("hex") !== digest) damaged.push(digest);
  }

  const root = join(scratch, "root");
  await mkdir(root);
  for (const layer of manifest.layers) {
    await execa("tar", ["--extract", "--numeric-owner", "--file", blob(layer.digest), "--directory", root]);
  }
  const path = /^PATH=(.*)$/.exec(config.Env.find((entry: string) => entry.startsWith("PATH=")) ?? "")?.[1] ?? "";
  const listings = path.split(":").map((folder) => readdir(join(root, folder)).catch(() => []));
  const programs = new Set((await Promise.all(listings)).flat().map((program) => basename(program)));
  return {
    name: entry.annotations["io.containerd.image.name"],
    config,
    damaged,
    programs,
    async run(command) {
      const { stdout } = await execa("chroot", [root, "/usr/bin/env", "-i", ...config.Env, ...command]);
      return stdout;
    },
  };
}
