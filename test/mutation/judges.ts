import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { init, parse } from "es-module-lexer";

await init();

const imported = new Map<string, string[]>();

/**
 * The tests that judge a file: its own, such as test/domain/size.test.ts, or in test/routes/ what Alertmanager's own tool reads.
 * Where it has none, those of the domain, and of the policies that call the same functions, which import it; where none does, those
 * that reach it through what they import. All that reach it would be most tests for most files: hours, and a file that only
 * others' tests hold is not tested by itself.
 */
export function judges(file: string): string[] {
  const own = ["test/domain", "test/routes"].map((folder) =>
    file.replace(/^domain\/(.*)\.ts$/, `${folder}/$1.test.ts`),
  );
  const found = own.find(existsSync);
  if (found) return [found];
  const tests = globSync(["test/domain/**/*.test.ts", "test/policies/**/*.test.ts"]).sort();
  const direct = tests.filter((test) => importsOf(test).includes(file));
  return direct.length > 0 ? direct : tests.filter((test) => reached(test).has(file));
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
