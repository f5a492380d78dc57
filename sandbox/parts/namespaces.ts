import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { cache, clone } from "../../cli/common/paths.ts";
import { Problem } from "../../cli/common/problem.ts";
import { logFile, runningProcess, signalled, startProcess, wasStarted } from "../processes.ts";
import type { Settings } from "../settings.ts";
import { tool } from "../tools/index.ts";

/** The kubelet's folder for pods, as seen inside: a short path, because sockets are below it. */
export const kubeletRoot = "/run/kubelet";

/** Is there once all the rest is. */
const furnished = "/run/furnished";

/** The init of one sandbox's namespaces; its arguments are there to find it by. */
interface Init {
  pid: number;
  name: string;
  directory: string;
}

/** Kernel settings of the whole machine that a kubelet would change; inside, it finds them as it wants them. */
const kubeletsKernelSettings = {
  "vm/overcommit_memory": 1,
  "vm/panic_on_oom": 0,
  "kernel/panic": 10,
  "kernel/panic_on_oops": 1,
  "kernel/keys/root_maxkeys": 1_000_000,
  "kernel/keys/root_maxbytes": 25_000_000,
};

/**
 * What the namespaces hold before any part starts; $1 is the clone, $2 its cache,
 * $3 the sandbox's directory, $4 its address.
 *
 * Parts write to fixed places below /run, /tmp, /var/lib and /var/log. Inside, these vanish with the namespaces, and
 * what is needed of the clone, which may be below one of them, is laid over again by open file:
 * its path already leads elsewhere.
 */
const furnish = `
  ip link set lo up
  ip address add "$4"/24 dev eth0
  ip link set eth0 up
  echo 1 > /proc/sys/net/ipv4/ip_forward

  mkdir -p "$3"/kubelet
  exec 3< "$1" 4< "$2" 5< "$3"
  mount -t tmpfs tmpfs /tmp
  mount -t tmpfs tmpfs /run
  mkdir -p /run/var-lib/upper /run/var-lib/work /run/kernel ${kubeletRoot}
  mount -t overlay overlay -o lowerdir=/var/lib,upperdir=/run/var-lib/upper,workdir=/run/var-lib/work /var/lib
  mount -t tmpfs tmpfs /var/log
  mkdir -p "$1" "$2" "$3"
  mount --no-canonicalize --rbind /proc/self/fd/3 "$1"
  mount --no-canonicalize --rbind /proc/self/fd/4 "$2"
  mount --no-canonicalize --rbind /proc/self/fd/5 "$3"
  mount --bind "$3"/kubelet ${kubeletRoot}
${Object.entries(kubeletsKernelSettings)
  .map(([name, value]) => [name, value, `/run/kernel/${basename(name)}`])
  .map(([name, value, file]) => `  echo ${value} > ${file}\n  mount --bind ${file} /proc/sys/${name}`)
  .join("\n")}
  touch ${furnished}
`;

/** The id of the init of this sandbox's namespaces, if it runs. Killing it ends and unmounts all that is inside. */
export async function findInit(settings: Settings): Promise<number | undefined> {
  return (await inits()).find(({ directory }) => directory === settings.directory)?.pid;
}

/** The words that put a command into the sandbox's namespaces. */
export function entering(init: number): string[] {
  return ["nsenter", "--target", `${init}`, "--net", "--mount", "--pid", "--"];
}

/** Makes network, mount and process namespaces, and the veth pair that joins them to the host, unless they are there. */
export async function ensureNamespaces(settings: Settings): Promise<void> {
  const init = await findInit(settings);
  if (init && existsSync(`/proc/${init}/root${furnished}`)) return;
  // They were left half made by a start that was killed.
  await removeNamespaces(settings);
  await createNamespaces(settings);
}

async function createNamespaces(settings: Settings): Promise<void> {
  const { name, directory, address, hostAddress } = settings;
  const options = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];
  const command = [await tool("pause"), name, directory];
  const environment = { PATH: process.env.PATH ?? "" };
  await startProcess(settings, "namespaces", command, environment, ["unshare", ...options, "--"]);
  while (!(await findInit(settings))) {
    if (!(await runningProcess(settings, "namespaces"))) {
      throw new Problem(`the namespaces did not start:\n${await readFile(logFile(settings, "namespaces"), "utf8")}`);
    }
    await sleep(5);
  }
  const init = (await findInit(settings)) as number;
  try {
    await run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", `${init}`);
    await run("ip", "address", "add", `${hostAddress}/24`, "dev", name);
    await run("ip", "link", "set", name, "up");
    const [...inside] = entering(init);
    await run(...(inside as [string]), "sh", "-euc", furnish, "sh", clone, await realpath(cache), directory, address);
  } catch (error) {
    await removeNamespaces(settings);
    throw error;
  }
}

/** Ends everything inside the namespaces; mounts, bridge and veth pair go with them. */
export async function removeNamespaces(settings: Settings): Promise<void> {
  const init = await findInit(settings);
  if (init && !(await signalled(init, "SIGKILL", 30_000))) {
    throw new Problem(`process ${init}, the init of the sandbox's namespaces, is still there 30 s after SIGKILL`);
  }
  // The kernel takes the pair down in its own time. By now the name may be that of another clone's sandbox.
  const others = (await inits()).some(({ name }) => name === settings.name);
  if (wasStarted(settings, "namespaces") && !others) {
    await execa("ip", ["link", "delete", settings.name], { reject: false });
  }
}

/** @throws Problem when the slot is another clone's, or its network or interface is in use for something else */
export async function requireFreeNetwork(settings: Settings): Promise<void> {
  const { name, directory, slot } = settings;
  const fix = `use another slot: make up SLOT=${slot + 1}`;
  const other = (await inits()).find((init) => init.name === name && init.directory !== directory);
  if (other) {
    throw new Problem(`slot ${slot} is taken by the sandbox in ${other.directory}; run make down there, or ${fix}`);
  }
  const interfaces = networkInterfaces();
  if (name in interfaces && !wasStarted(settings, "namespaces")) {
    throw new Problem(
      `a network interface ${name} exists that is not this sandbox's; ip link delete ${name}, or ${fix}`,
    );
  }
  const network = settings.hostAddress.replace(/1$/, "0");
  delete interfaces[name];
  for (const [device, addresses = []] of Object.entries(interfaces)) {
    for (const { family, address, netmask } of addresses) {
      // A slot takes four networks in a row: a /22.
      const mask = bits("255.255.252.0") & bits(netmask);
      if (family === "IPv4" && (bits(address) & mask) === (bits(network) & mask)) {
        throw new Problem(
          `slot ${slot}'s network, ${network}/22, overlaps ${address} (${netmask}) on ${device}; ${fix}`,
        );
      }
    }
  }
}

/** Every sandbox's init on this machine. Found by their arguments: files may be lost while processes run on. */
async function inits(): Promise<Init[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [program = "", name = "", directory = "", ...more] = (
        await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
      ).split("\0");
      const ours = basename(program) === "pause" && name !== "" && more.length === 1;
      return ours ? [{ pid: Number(pid), name, directory }] : [];
    }),
  );
  return found.flat();
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { failed, code, stderr, shortMessage } = await execa(program, args, { reject: false });
  if (code === "ENOENT") {
    throw new Problem(
      `the sandbox's namespaces need "${program}", which is not on PATH; install it (Debian: apt-get install iproute2 util-linux)`,
    );
  }
  if (failed) throw new Problem(`setting up the sandbox's namespaces failed: ${stderr || shortMessage}`);
}

/** An IPv4 address as a number. */
function bits(address: string): number {
  return address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0) | 0;
}
