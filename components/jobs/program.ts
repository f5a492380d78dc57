import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../programs/", import.meta.url));

/** The longest argument of a process on Linux: 128 KiB with the terminating zero. Source: MAX_ARG_STRLEN, include/uapi/linux/binfmts.h. */
const LIMIT_BYTES = 128 * 1024 - 1;

const texts = new Map<string, string>();

/**
 * The text of a program of programs/, for a pod to carry. A TypeScript program is bundled into one JavaScript text with the modules and
 * packages that it imports.
 *
 * @param name its path in that folder, such as `postgres/dump.sh`
 * @throws Error when it is missing, or longer than a pod can carry
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

/** The packed library carries its programs bundled (`npm run build`), so that its users need no bundler. */
function javascript(name: string): string {
  const built = folder + name.replace(/ts$/, "js");
  if (existsSync(built)) return readFileSync(built, "utf8");
  // Only here, and without its types: the packed library holds no such file.
  const bundler: { bundled(name: string): string } = createRequire(import.meta.url)("./bundle.ts");
  return bundler.bundled(name);
}
