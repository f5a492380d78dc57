import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildOptions, buildSync } from "esbuild";

const folder = fileURLToPath(new URL("../../programs/", import.meta.url));

/** What one argument of a process holds on Linux: 128 KiB with the zero that ends it. Source: MAX_ARG_STRLEN, include/uapi/linux/binfmts.h. */
const LIMIT_BYTES = 128 * 1024 - 1;

/** Parts of packages that no program reaches, and that would not leave room for it. */
const unreached = [
  // Recipients of age that hold other keys than X25519: age-encryption asks for these the moment it meets one.
  "@noble/post-quantum/hybrid.js",
  "@noble/curves/nist.js",
  // Passphrases: age-encryption asks for it where one is given.
  "@noble/hashes/scrypt.js",
];

/** The same text on every machine, whatever project the library is installed in. */
const options: BuildOptions = {
  absWorkingDir: folder,
  bundle: true,
  charset: "utf8",
  logLevel: "silent",
  platform: "node",
  target: "node24",
  tsconfigRaw: {},
  write: false,
};

const texts = new Map<string, string>();

/**
 * The text of a program of programs/, to be carried in a pod, which holds one text: a TypeScript program as JavaScript, with what
 * it imports from its neighbours, and in front of it, minified, what it imports by name from packages.
 *
 * @param name its path in that folder, such as `postgres/dump.sh`
 * @throws when it is not there, or longer than a pod can carry
 */
export function program(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = name.endsWith(".ts") ? bundled(name) : readFileSync(folder + name, "utf8");
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMIT_BYTES) {
    throw new Error(
      `programs/${name} is ${bytes} bytes with what it imports: a pod carries at most ${LIMIT_BYTES}; let it import less`,
    );
  }
  texts.set(name, text);
  return text;
}

function bundled(name: string): string {
  const own: BuildOptions = { ...options, entryPoints: [`./${name}`], format: "esm" };
  const packages = importedFrom(built({ ...own, packages: "external" }));
  // Held apart, so that a reader of the pod finds the program as it was written.
  const alias = Object.fromEntries(
    [...packages.keys()].map((path) => [path, module(`module.exports = ${variable(path)}`)]),
  );
  return printable([...[...packages].map(minified), built({ ...own, alias })].join(""));
}

/** The packages that a text of esbuild's imports, each with the names that are taken from it. */
function importedFrom(text: string): Map<string, Set<string>> {
  const packages = new Map<string, Set<string>>();
  for (const [, names = "", path = ""] of text.matchAll(/^import \{([^}]*)\} from "(?!node:)([^"]+)";$/gm)) {
    const known = packages.get(path) ?? new Set();
    for (const name of names.split(",")) known.add(name.trim().split(" ")[0] as string);
    packages.set(path, known);
  }
  return packages;
}

function minified([path, names]: [string, Set<string>]): string {
  return built({
    ...options,
    alias: Object.fromEntries(unreached.map((part) => [part, module("module.exports = {}")])),
    format: "iife",
    globalName: variable(path),
    minify: true,
    stdin: { contents: `export { ${[...names].join(", ")} } from ${JSON.stringify(path)}`, resolveDir: folder },
  });
}

function built(build: BuildOptions): string {
  return (buildSync(build).outputFiles ?? []).map(({ text }) => text).join("");
}

/** YAML, in which people pass a pod on, takes no control characters. esbuild writes them as they are; they stand in texts alone. */
function printable(text: string): string {
  return text.replaceAll(/[^\t\n\P{Cc}]/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The variable that holds a package. */
function variable(path: string): string {
  return `package_${path.replaceAll(/\W/g, "_")}`;
}

function module(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}
