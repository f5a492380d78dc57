import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "../settings.ts";

/**
 * Makes the cgroup below which the kubelet puts every pod, in each hierarchy of the machine: with cgroup v1 there is one
 * a controller, with v2 one in all, where a controller must be handed down before a child may use it.
 */
export async function createCgroups(settings: Settings): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    const cgroup = join(hierarchy, settings.name);
    await mkdir(cgroup, { recursive: true });
    const controllers = (await readFile(join(hierarchy, "cgroup.controllers"), "utf8").catch(() => "")).trim();
    for (const controller of controllers.split(" ").filter(Boolean)) {
      for (const parent of [hierarchy, cgroup]) {
        await writeFile(join(parent, "cgroup.subtree_control"), `+${controller}`).catch(() => undefined);
      }
    }
  }
}

/** Removes it, with the cgroups of pods below it, which are empty once their processes are gone. */
export async function removeCgroups(settings: Settings): Promise<void> {
  for (const hierarchy of await hierarchies()) await removeTree(join(hierarchy, settings.name));
}

/** The processes of a killed container leave their cgroup a moment after they are gone from /proc. */
const ATTEMPTS = 50;

async function removeTree(cgroup: string): Promise<void> {
  const children = await readdir(cgroup, { withFileTypes: true }).catch(() => []);
  for (const child of children) if (child.isDirectory()) await removeTree(join(cgroup, child.name));
  for (let attempt = 1; ; attempt++) {
    try {
      return await rmdir(cgroup);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      if (attempt === ATTEMPTS) throw error;
      await sleep(100);
    }
  }
}

/** Where cgroup hierarchies are mounted. The fields before " - " are fixed in number, but for the optional ones. */
async function hierarchies(): Promise<string[]> {
  const mounts = (await readFile("/proc/self/mountinfo", "utf8")).trim().split("\n");
  return mounts
    .map((line) => line.split(" "))
    .filter((fields) => /^cgroup2?$/.test(fields[fields.indexOf("-") + 1] ?? ""))
    .map((fields) => fields[4] as string);
}
