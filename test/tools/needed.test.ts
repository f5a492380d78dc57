import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { settings } from "../../sandbox/settings.ts";
import { toolsOfUp } from "../../sandbox/toolsOfUp.ts";
import { fakeGo, ScratchClone } from "./scratchClone.ts";

/** The tools that code asks for by a literal name: `tool("…")`, `toolsOnPath(["…"])`, and the programs of parts. */
async function namedIn(folders: string[]): Promise<Set<string>> {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: clone }));
  const texts = await Promise.all(files.map((file) => readFile(join(clone, file), "utf8")));
  const calls = texts.flatMap((text) => [
    ...text.matchAll(/\b(?:tool|toolsOnPath)\(([^()]*)\)|\bprogram: ("[^"]+")|\bprogramsOnPath: (\[[^\]]*\])/g),
  ]);
  const literals = calls.flatMap(([, ...found]) => [...found.join(" ").matchAll(/"([^"]+)"/g)]);
  return new Set(literals.map(([, name = ""]) => name));
}

async function ofSuites(): Promise<string[]> {
  const suites: { tools?: string[] }[] = JSON.parse(await readFile(join(clone, "test/suites.json"), "utf8"));
  return suites.flatMap(({ tools = [] }) => tools);
}

/** What a fake `go build` makes: one program, or a folder's. */
const BUILT = `case "$output" in */) cd "$output" && touch ctr ;; *) touch "$output" ;; esac`;

/** A Python that makes an environment and installs nothing into it. */
const PYTHON = [
  `case "$*" in`,
  `  *sys.version_info*) echo 3.11.0; echo "$0" ;;`,
  `  "-m venv"*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python"; touch "$last/bin/aws" "$last/bin/moto_server" ;;`,
  `esac`,
];

/** The sandbox but its tools' own code, which names every tool. */
const users = ["sandbox/parts", "sandbox/images", "sandbox/world", "cli"];

describe("the tools of `make up`", () => {
  it("are those that the sandbox's parts, images, stand-ins and commands use, and no other", async () => {
    const used = await namedIn(users);
    // sandbox/in, which the screen of `make up` names, puts these on PATH.
    for (const name of ["kubectl", "aws"]) used.add(name);
    assert.deepEqual(toolsOfUp(settings("0", true)).sort(), [...used].sort());
  });

  it("are fewer where there is no node", () => {
    const [all, without] = [toolsOfUp(settings("0", true)), toolsOfUp(settings("0", false))];
    const onlyNode = all.filter((name) => !without.includes(name)).sort();
    assert.deepEqual(onlyNode, [
      ...["bridge", "containerd", "containerd-shim-runc-v2", "coredns", "ctr", "host-local", "kube-proxy", "kubelet"],
      ...["loopback", "nft", "pause", "runc"],
    ]);
  });

  it("hold none that a suite alone names", async () => {
    const needed = toolsOfUp(settings("0", true));
    const used = await namedIn([...users, "sandbox"]);
    const testsOnly = (await ofSuites()).filter((name) => !used.has(name));
    assert.ok(testsOnly.includes("hostpathplugin") && testsOnly.includes("promtool"), testsOnly.join(", "));
    assert.deepEqual(
      needed.filter((name) => testsOnly.includes(name)),
      [],
    );
  });

  it("are what it builds on a clean machine, and it says first what that takes", async () => {
    const scratch = await ScratchClone.make();
    try {
      for (const folder of ["components", "domain", "policies", "programs", "services", "standins"]) {
        await cp(join(clone, folder), join(scratch.folder, folder), { recursive: true });
      }
      await scratch.program("go", ...(await fakeGo(BUILT)));
      await scratch.program("python3", ...PYTHON);
      // Of what Debian gives, tools get an empty package; images get nothing, so that it ends behind the tools.
      await scratch.program("apt-get", `case "$*" in *--simulate*) exit 1 ;; esac`);
      const { stderr } = await execa(process.execPath, ["sandbox/cli.ts", "up"], {
        ...{ cwd: scratch.folder, env: { PATH: `${scratch.bin}:/usr/bin:/bin:/usr/sbin:/sbin` }, reject: false },
        stdin: "ignore",
      });
      assert.match(stderr, /^✓ tools: /m);
      const first = stderr.split("\n").find((line) => !line.startsWith("Not root"));
      const says = /^Tools are built once: about (\d+) min on two cores and at most (\d+) GB of disk, in /.exec(
        String(first),
      );
      assert.ok(says, stderr);
      const { stdout: help } = await execa("make", ["help"], { cwd: clone });
      if (settings().node) assert.match(help, new RegExp(`^ +make up .*up to ${says[2]} GB of disk$`, "m"));
      assert.deepEqual((await readdir(join(scratch.folder, ".cache/bin"))).sort(), toolsOfUp(settings()).sort());
    } finally {
      await scratch.remove();
    }
  });
});
