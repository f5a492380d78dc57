import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { duration, step } from "../../cli/common/progress.ts";
import { cachedFolder } from "./cached.ts";
import { requireDisk, requireGo } from "./requirements.ts";
import { runLogged } from "./run-logged.ts";

/** What it takes to get a tool that is not there yet. */
export interface Cost {
  /** On two cores. */
  seconds: number;
  /** Of disk, at most. */
  gigabytes: number;
}

/**
 * How the programs of one folder of `sandbox/tools/`, a Go module that pins them, are built. Most of the disk that a cold build takes holds
 * sources and compiled packages, in Go's own caches.
 */
export interface GoModule extends Cost {
  /** The module that is built, as the go.mod requires it; its version is read from there. Absent: the folder itself. */
  module?: string;
  /** Each program with its package, relative to the module; "." is the folder itself. */
  programs: Record<string, string>;
  tags?: string;
  /** Variables that the linker sets, given the version ("v1.36.3"). */
  stamps?: (version: string) => Record<string, string>;
  /** Environment of the build, for programs that need C. */
  environment?: () => Promise<Record<string, string>>;
  linkerFlags?: string;
  /**
   * Files that the programs embed and that the module holds in another form: from a function of the module's folder and version, each
   * one's path in the folder of `sandbox/tools/` with its content.
   */
  generate?: (module: string, version: string) => Promise<Record<string, string>>;
}

/** Builds run one after the other: one alone keeps all cores busy. */
let queue: Promise<unknown> = Promise.resolve();

/** The folder that holds the module's programs. */
export async function goPrograms(name: string, module: GoModule): Promise<string> {
  const source = join(import.meta.dirname, name);
  const files = (await readdir(source)).filter((file) => /\.go$|^go\.(mod|sum)$/.test(file)).sort();
  const contents = await Promise.all(files.map((file) => readFile(join(source, file))));
  const flags = buildFlags(module, contents[files.indexOf("go.mod")]?.toString() ?? "");
  const names = Object.keys(module.programs);

  return cachedFolder(`tools/${name}`, [...contents, ...flags, ...names], (folder) => {
    const build = async () => {
      await requireGo(name);
      await requireDisk(`building ${name}`, module.gigabytes, [folder, ...(await goCaches())]);
      const label = names.join(", ");
      await step(`build ${label}`, () => compile(name, source, folder, module, flags), duration(module.seconds));
    };
    const turn = queue.then(build);
    queue = turn.catch(() => undefined);
    return turn;
  });
}

async function compile(name: string, source: string, folder: string, module: GoModule, flags: string[]): Promise<void> {
  const names = Object.keys(module.programs);
  // With one program its name is ours to choose; with several, Go names each after its package.
  const output = names.length === 1 ? join(folder, names[0] as string) : `${folder}/`;
  const environment = module.environment ? await module.environment() : { CGO_ENABLED: "0" };
  // Here, so that a killed build leaves nothing outside the cache.
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  const options = {
    cwd: source,
    env: { GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local", GOTMPDIR: temporary, ...environment },
  };
  const generated = await overlay(source, temporary, module, options);
  await runLogged(
    `building ${name}`,
    "go",
    ["build", ...flags, ...generated, "-o", output, ...packages(module)],
    options,
  );
  await rm(temporary, { recursive: true });
}

/** Flags with which Go reads what the module generates as if it were in `source`, where a killed build would leave it. */
async function overlay(source: string, temporary: string, module: GoModule, options: Options): Promise<string[]> {
  if (!module.generate) return [];
  const { stdout } = await execa("go", ["mod", "download", "-json", module.module ?? ""], options);
  const version = requiredVersion(await readFile(join(source, "go.mod"), "utf8"), module.module);
  const files = Object.entries(await module.generate(JSON.parse(String(stdout)).Dir, version));
  const Replace: Record<string, string> = {};
  for (const [index, [path, content]] of files.entries()) {
    const file = join(temporary, `generated-${index}`);
    Replace[join(source, path)] = file;
    await writeFile(file, content);
  }
  const list = join(temporary, "overlay.json");
  await writeFile(list, JSON.stringify({ Replace }));
  return ["-overlay", list];
}

async function goCaches(): Promise<string[]> {
  const { stdout } = await execa("go", ["env", "GOCACHE", "GOMODCACHE"], { cwd: "/" });
  return stdout.split("\n");
}

function packages(module: GoModule): string[] {
  return Object.values(module.programs).map((path) =>
    path === "." ? path : [module.module, path].filter(Boolean).join("/") || ".",
  );
}

function buildFlags(module: GoModule, goMod: string): string[] {
  const stamps = Object.entries(module.stamps?.(requiredVersion(goMod, module.module)) ?? {});
  const linker = ["-s -w", module.linkerFlags, ...stamps.map(([variable, value]) => `-X ${variable}=${value}`)];
  return [
    "-trimpath",
    "-buildvcs=false",
    "-mod=readonly",
    ...(module.tags ? ["-tags", module.tags] : []),
    "-ldflags",
    linker.filter(Boolean).join(" "),
  ];
}

/** The last word, for a comment gives a pseudo-version's release. */
function requiredVersion(goMod: string, module = ""): string {
  const line = goMod.split("\n").find((text) => text.startsWith(`require ${module} `));
  return line?.split(" ").at(-1) ?? "";
}
