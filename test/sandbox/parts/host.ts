import { readdir, readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Settings } from "../../../sandbox/settings.ts";
import { tool } from "../../../sandbox/tools/index.ts";

const lines = async (file: string) => (await readFile(file, "utf8").catch(() => "")).split(/[\n\0]/);

/** What of a sandbox can be seen from the host: its processes, mounts, interfaces, cgroups and files. */
export async function seenOf({ name, directory }: Settings): Promise<Record<string, string[]>> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const commands = await Promise.all(pids.map(async (pid) => (await lines(`/proc/${pid}/cmdline`)).join(" ")));
  const cgroups = await lines("/proc/self/mountinfo");
  const hierarchies = cgroups.filter((line) => / - cgroup2? /.test(line)).map((line) => line.split(" ")[4] as string);
  const inCgroups = await Promise.all(hierarchies.map((path) => readdir(path)));
  const parent = join(directory, "..");
  return {
    processes: commands.filter((command) => command.includes(directory) || command.split(" ").includes(name)),
    mounts: (await lines("/proc/self/mounts")).filter((line) => line.includes(directory)),
    interfaces: Object.keys(networkInterfaces()).filter((device) => device === name),
    cgroups: inCgroups.flat().filter((entry) => entry === name),
    files: (await readdir(parent)).map((entry) => join(parent, entry)).filter((path) => path === directory),
  };
}

/** Settings of the machine's kernel that parts of a cluster are known to change, and its packet filter. */
export async function machineSettings(): Promise<Record<string, string>> {
  const names = [
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
    "net/ipv4/conf/all/route_localnet",
    "net/netfilter/nf_conntrack_max",
  ];
  const values = names.map(async (name) => [name, (await lines(`/proc/sys/${name}`)).join("")]);
  const { stdout } = await execa(await tool("nft"), ["list", "ruleset"]);
  return Object.fromEntries([...(await Promise.all(values)), ["packet filter", stdout]]);
}
