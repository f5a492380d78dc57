import { join, resolve } from "node:path";

/** Root of the clone that contains this file. */
export const clone = resolve(import.meta.dirname, "../..");

/** Built tools, unpacked packages and images: kept between sandboxes, removed by `make clean`. */
export const cache = join(clone, ".cache");

/** All files of a running sandbox. */
export const sandboxDirectory = join(clone, ".sandbox");
