import { join, resolve } from "node:path";

/** The clone this file lies in. */
export const clone = resolve(import.meta.dirname, "../..");

/** Built tools, unpacked packages and images: kept between sandboxes, removed by `make clean`. */
export const cache = join(clone, ".cache");

/** Everything of a running sandbox that is a file. */
export const sandboxDirectory = join(clone, ".sandbox");
