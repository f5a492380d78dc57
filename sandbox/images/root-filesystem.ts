import { chmod, copyFile, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { findPython } from "../tools/requirements.ts";
import { runLogged } from "../tools/run-logged.ts";
import type { Recipe } from "./recipes.ts";
import { debianArchives } from "./suite.ts";

/** What Debian's slim images lack too, and translations. */
const NOT_UNPACKED = ["doc", "man", "info", "lintian", "locale", "bug", "bash-completion"].map(
  (folder) => `./usr/share/${folder}/?*`,
);

/**
 * Makes the root filesystem that a recipe describes. Packages are unpacked, not installed: their scripts set up services
 * of a whole machine, and the little that an image needs of it is below and in the recipe's own script.
 *
 * @param root an empty folder
 */
export async function makeRoot(recipe: Recipe, root: string): Promise<void> {
  for (const folder of ["bin", "sbin", "lib", "lib64"]) {
    await mkdir(join(root, "usr", folder), { recursive: true });
    await symlink(`usr/${folder}`, join(root, folder));
  }
  for (const archive of await debianArchives(recipe.suite, recipe.packages, recipe.without))
    await unpack(archive, root);
  if (recipe.python) await addPythonPackages(recipe.python, join(root, "usr/local/lib/python"));
  for (const [to, from] of Object.entries(recipe.files)) {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await copyFile(from, join(root, to));
    await chmod(join(root, to), 0o755);
  }
  const scripts = await Promise.all(recipe.setup.map((script) => readFile(script, "utf8")));
  await runLogged(`finishing the image ${recipe.name}`, "chroot", [root, ...recipe.shell, "-c", scripts.join("\n")]);
}

async function unpack(archive: string, root: string): Promise<void> {
  const files = execa("dpkg-deb", ["--fsys-tarfile", archive], { encoding: "buffer", buffer: false });
  const excludes = NOT_UNPACKED.map((pattern) => `--exclude=${pattern}`);
  // Some packages of bookworm still call /bin, which is a link, a folder.
  await files.pipe("tar", [
    "--extract",
    "--keep-directory-symlink",
    "--numeric-owner",
    "--directory",
    root,
    ...excludes,
  ]);
}

async function addPythonPackages(lock: string, folder: string): Promise<void> {
  // Wheels of the image's Python, whichever the machine's is.
  const target = [
    "--python-version=3.13",
    "--implementation=cp",
    "--platform=manylinux2014_x86_64",
    "--only-binary=:all:",
  ];
  const pip = ["-m", "pip", "install", "--no-compile", "--require-hashes", "--requirement", lock, "--target", folder];
  await runLogged("fetching the image's Python packages", await findPython(), [...pip, ...target]);
}
