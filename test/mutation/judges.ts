import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { init, parse } from "es-module-lexer";

await init();

const imported = new Map<string, string[]>();

/**
 * The tests that judge a file: those of the domain, and of the policies that call the same functions, which import it or, where
 * none does, those that come by it through what they import. All that come by it would be most tests for most files: hours.
 */
export function judges(file: string): string[] {
  const tests = globSync(["test/domain/**/*.test.ts", "test/policies/**/*.test.ts"]);
  const direct = tests.filter((test) => importsOf(test).includes(file));
  const all = direct.length > 0 ? direct : tests.filter((test) => reached(test).has(file));
  // The file's own tests first: they are the likeliest to find what is wrong, and the quickest.
  const own = file.replace(/^domain\/(.*)\.ts$/, "test/domain/$1.test.ts");
  return all.sort((a, b) => Number(b === own) - Number(a === own) || a.localeCompare(b));
}

/** All of ours that a file imports, directly or by way of another. */
function reached(file: string, found = new Set<string>()): Set<string> {
  for (const one of importsOf(file)) {
    if (found.has(one)) continue;
    found.add(one);
    reached(one, found);
  }
  return found;
}

function importsOf(file: string): string[] {
  const known = imported.get(file);
  if (known) return known;
  const [found] = parse(readFileSync(file, "utf8"));
  const ours = found.flatMap(({ specifier }) =>
    specifier?.startsWith(".") && specifier.endsWith(".ts") ? [normalize(join(dirname(file), specifier))] : [],
  );
  imported.set(file, ours);
  return ours;
}
