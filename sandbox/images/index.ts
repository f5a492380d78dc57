import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { clone } from "../../cli/common/paths.ts";
import { step } from "../../cli/common/progress.ts";
import { cachedFolder } from "../tools/cached.ts";
import { tool } from "../tools/index.ts";
import { imageNames } from "./names.ts";
import { type ImageConfig, writeImage } from "./oci.ts";
import { type Recipe, recipes } from "./recipes.ts";
import { makeRoot } from "./root-filesystem.ts";

/** The code whose change changes images. */
const makers = ["oci.ts", "root-filesystem.ts", "suite.ts"].map((file) => join(import.meta.dirname, file));

/**
 * Stand-ins of the vendors' images that the program's pods and the sandbox's own use, made on first use. Needs root.
 *
 * @returns the absolute paths of OCI layouts in tars, one an image, ready for `ctr images import`
 * @throws Problem when a package cannot be had
 */
export async function sandboxImages(): Promise<string[]> {
  const images = [await pauseImage()];
  for (const recipe of recipes) images.push(await recipeImage(recipe));
  return images;
}

async function pauseImage(): Promise<string> {
  const pause = await tool("pause");
  const config = { User: "65535:65535", Env: [], Entrypoint: ["/pause"] };
  return cachedImage(imageNames.pause, config, [await readFile(pause)], (root) => copyFile(pause, join(root, "pause")));
}

async function recipeImage(recipe: Recipe): Promise<string> {
  const files = [...Object.values(recipe.files), ...recipe.setup, ...(recipe.python ? [recipe.python] : [])];
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const { without, ...rest } = recipe;
  const text = JSON.stringify({ ...rest, without: without?.source }).replaceAll(clone, "");
  return cachedImage(recipe.name, recipe.config, [text, ...contents], (root) => makeRoot(recipe, root));
}

async function cachedImage(
  name: string,
  config: ImageConfig,
  inputs: (string | Buffer)[],
  make: (root: string) => Promise<void>,
): Promise<string> {
  const code = await Promise.all(makers.map((file) => readFile(file)));
  const folder = await cachedFolder("images", [name, JSON.stringify(config), ...inputs, ...code], (partial) =>
    step(`make image ${name}`, async () => {
      const root = join(partial, "root");
      await mkdir(root);
      await make(root);
      await writeImage(name, root, config, join(partial, "image.tar"));
      await rm(root, { recursive: true });
    }),
  );
  return join(folder, "image.tar");
}
