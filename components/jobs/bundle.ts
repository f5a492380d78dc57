import { fileURLToPath } from "node:url";
import { type BuildOptions, type BuildResult, buildSync } from "esbuild";

const folder = fileURLToPath(new URL("../../programs/", import.meta.url));

/** Parts of packages that no program uses and that are too large to carry. */
const unreached = [
  // Recipients of age with keys other than X25519: age-encryption imports these when it meets one.
  "@noble/post-quantum/hybrid.js",
  "@noble/curves/nist.js",
  // Passphrases: age-encryption imports it when one is given.
  "@noble/hashes/scrypt.js",
];

/** The options that give the same text on every machine. */
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

/**
 * A TypeScript program of programs/ as one JavaScript text: the modules that it imports and, in front of them, minified, what it
 * imports by name from packages.
 *
 * @param name its path in that folder, such as `health/monitor.ts`
 * @throws Error when it is missing, does not compile, or imports a package other than by names
 */
export function bundled(name: string): string {
  const own: BuildOptions = { ...options, entryPoints: [`./${name}`], format: "esm" };
  const packages = importedFrom(name, buildSync({ ...own, packages: "external", metafile: true }));
  // Kept separate, so that a reader of the pod finds the program as it was written.
  const alias = Object.fromEntries(
    [...packages.keys()].map((path) => [path, module(`module.exports = ${variable(path)}`)]),
  );
  return printable([...[...packages].map(minified), textOf(buildSync({ ...own, alias }))].join(""));
}

/** The packages that a build left external, each with the imported names, which esbuild's metafile does not list. */
function importedFrom(name: string, built: BuildResult<BuildOptions & { metafile: true }>): Map<string, Set<string>> {
  const [output] = Object.values(built.metafile.outputs);
  const imports = (output?.imports ?? []).map(({ path }) => path).filter((path) => !path.startsWith("node:"));
  const statements = [...textOf(built).matchAll(/^import \{([^}]*)\} from "([^"]+)";$/gm)];
  const packages = new Map<string, Set<string>>();
  for (const path of imports) {
    const named = statements.filter(([, , from]) => from === path);
    if (named.length < imports.filter((one) => one === path).length) {
      throw new Error(`programs/${name} imports "${path}" whole; allowed: import { name } from "${path}"`);
    }
    const names = named.flatMap(([, list = ""]) => list.split(","));
    packages.set(path, new Set(names.map((one) => one.trim().split(" ")[0] as string)));
  }
  return packages;
}

function minified([path, names]: [string, Set<string>]): string {
  return textOf(
    buildSync({
      ...options,
      alias: Object.fromEntries(unreached.map((part) => [part, module("module.exports = {}")])),
      format: "iife",
      globalName: variable(path),
      minify: true,
      stdin: { contents: `export { ${[...names].join(", ")} } from ${JSON.stringify(path)}`, resolveDir: folder },
    }),
  );
}

function textOf({ outputFiles = [] }: BuildResult): string {
  return outputFiles.map(({ text }) => text).join("");
}

/** YAML allows no control characters, and people copy pods as YAML. esbuild writes them unescaped, and only inside strings. */
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
