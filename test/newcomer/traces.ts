import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** Everything of a clone's sandbox that a machine still holds, one line each. */
export async function traces(clone: string, slot: string): Promise<string[]> {
  const name = `upkeep${slot}`;
  const links = (await execa("ip", ["-oneline", "link"])).stdout.split("\n").filter((line) => line.includes(name));
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((line) => line.includes(clone) || line.includes(name));
  const cgroups = existsSync("/sys/fs/cgroup") ? found("/sys/fs/cgroup", name) : [];
  const files = [".sandbox"].map((file) => join(clone, file)).filter((file) => existsSync(file));
  return [...processes(clone), ...links, ...mounts, ...cgroups, ...files];
}

/** Processes whose program, arguments or network namespace are the sandbox's. */
function processes(clone: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const ours = command.includes(join(clone, ".sandbox")) || readlinkSync(`/proc/${pid}/cwd`).startsWith(clone);
        return ours ? [`process ${pid}: ${command}`] : [];
      } catch {
        return [];
      }
    });
}

function found(folder: string, name: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => (entry.name === name ? [join(folder, name)] : found(join(folder, entry.name), name)));
}
