import { readFileSync } from "node:fs";

const folder = new URL("../../programs/", import.meta.url);

/**
 * The text of a program of programs/, to be carried in a pod. What a TypeScript program imports from its neighbours is put in the
 * import's place, for a pod holds one text: their outermost names must differ. Imports of types are left to Node, which drops them.
 *
 * @param name its path in that folder, such as `postgres/dump.sh`
 */
export function program(name: string): string {
  return text(new URL(name, folder), new Set());
}

/** @param carried files whose text is there already */
function text(file: URL, carried: Set<string>): string {
  return readFileSync(file, "utf8").replaceAll(/^import (?!type )[^;]*? from "(\.[^"]+)";\n/gm, (_, path: string) => {
    const imported = new URL(path, file);
    if (carried.has(imported.href)) return "";
    carried.add(imported.href);
    return text(imported, carried).replaceAll(/^export /gm, "");
  });
}
