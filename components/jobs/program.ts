import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../programs/", import.meta.url));

/** What one argument of a process holds on Linux: 128 KiB with the zero that ends it. Source: MAX_ARG_STRLEN, include/uapi/linux/binfmts.h. */
const LIMIT_BYTES = 128 * 1024 - 1;

const texts = new Map<string, string>();

/**
 * The text of a program of programs/, to be carried in a pod, which holds one text: a TypeScript program as JavaScript, with what
 * it imports from its neighbours and from packages.
 *
 * @param name its path in that folder, such as `postgres/dump.sh`
 * @throws when it is not there, or longer than a pod can carry
 */
export function program(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = name.endsWith(".ts") ? javascript(name) : readFileSync(folder + name, "utf8");
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMIT_BYTES) {
    throw new Error(
      `programs/${name} is ${bytes} bytes with what it imports: a pod carries at most ${LIMIT_BYTES}; let it import less`,
    );
  }
  texts.set(name, text);
  return text;
}

/** The packed library carries its programs bundled (`npm run build`), so that whoever installs it needs no bundler. */
function javascript(name: string): string {
  const built = folder + name.replace(/ts$/, "js");
  if (existsSync(built)) return readFileSync(built, "utf8");
  // Only here, and without its types: the packed library holds no such file.
  const bundler: { bundled(name: string): string } = createRequire(import.meta.url)("./bundle.ts");
  return bundler.bundled(name);
}
