import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Problem } from "../../cli/common/problem.ts";
import { duration, step } from "../../cli/common/progress.ts";
import { cachedFolder, cacheRoot } from "./cached.ts";
import type { Cost } from "./go.ts";
import { findPython, requireDisk } from "./requirements.ts";
import { runLogged } from "./run-logged.ts";

/** `weed` is SeaweedFS, the S3 server; `moto_server` the mock of other AWS services; `aws` the AWS CLI; `zizmor` judges workflows. */
export const pythonTools: readonly string[] = ["weed", "moto_server", "aws", "zizmor"];

/** What the environment takes on two cores, with what is downloaded for it. */
export const pythonCost: Cost = { seconds: 30, gigabytes: 1 };

const lock = join(import.meta.dirname, "../python/requirements.txt");

/** The folder that holds the Python tools: a virtual environment with exactly the packages of the lock. */
export async function pythonPrograms(): Promise<string> {
  const python = await findPython();
  // Its scripts contain the path of their own folder.
  const environment = await cachedFolder(
    "python",
    [await readFile(lock), python, await cacheRoot()],
    async (folder, final) => {
      await requireDisk("installing SeaweedFS, moto, the AWS CLI and zizmor", pythonCost.gigabytes, [folder]);
      const expected = duration(pythonCost.seconds);
      await step("install SeaweedFS, moto, the AWS CLI and zizmor", () => install(python, folder, final), expected);
    },
  );
  return join(environment, "bin");
}

async function install(python: string, folder: string, final: string): Promise<void> {
  const has = async (module: string) => !(await execa(python, ["-c", `import ${module}`], { reject: false })).failed;
  const ensurepip = await has("ensurepip");
  if (!(await has("venv")) || !(ensurepip || (await has("pip")))) {
    throw new Problem(
      `${python} has neither the module ensurepip nor pip, with one of which packages are installed into the clone. Install them (Debian: apt-get install python3-venv), then run the same command again.`,
    );
  }
  const inside = join(folder, "bin/python");
  await runLogged("making a Python environment", python, [
    "-m",
    "venv",
    ...(ensurepip ? [] : ["--without-pip"]),
    folder,
  ]);
  const [program, ...pip] = ensurepip ? [inside, "-m", "pip"] : [python, "-m", "pip", "--python", inside];
  await runLogged("installing Python packages", program as string, [
    ...[...pip, "install", "--no-input", "--no-warn-script-location"],
    ...["--require-hashes", "--only-binary=:all:", "--requirement", lock],
  ]);
  // pip wrote the environment's folder into the scripts; it is about to be renamed.
  for (const name of ["aws", "moto_server"]) {
    const script = join(folder, "bin", name);
    await writeFile(script, (await readFile(script, "utf8")).replaceAll(folder, final));
  }
}
