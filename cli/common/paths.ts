import { join, resolve } from "node:path";

/** Root of the clone or of the installed package that contains this file: both have it, or the bundle with it, two folders below. */
export const clone = resolve(import.meta.dirname, "../..");

/** Whether this runs as the package `upkeep`, whose code is compiled, in a repository of a team's own. */
export const packed = import.meta.filename.endsWith(".js");

/** Holds the program and its stacks. */
export const repository = packed ? process.cwd() : clone;

/** Built tools, unpacked packages, images and previews: kept between sandboxes, removed by `make clean`. */
export const cache = packed ? join(repository, "node_modules/.cache/upkeep") : join(clone, ".cache");

/** All files of a running sandbox. */
export const sandboxDirectory = join(clone, ".sandbox");
