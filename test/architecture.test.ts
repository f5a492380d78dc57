import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { init, parse } from "es-module-lexer";

/** Which of our folders each folder may import from. Everything else of ours is out of its reach. */
const arrows: Record<string, string[]> = {
  "index.ts": ["services", "components", "domain"],
  services: ["services", "domain"],
  components: ["components", "domain"],
  policies: ["policies", "domain"],
  domain: ["domain"],
};

/** Packages that create resources or touch the outside: the domain is pure. */
const impure = /^(node:|@pulumi\/)/;

interface Import {
  file: string;
  from: string;
}

async function imports(folder: string): Promise<Import[]> {
  await init();
  const files = folder.endsWith(".ts") ? [folder] : globSync(`${folder}/**/*.ts`);
  return files.flatMap((file) => {
    // Imports of types alone count too: an arrow is about what a reader has to know.
    const [found] = parse(readFileSync(file, "utf8"));
    return found.flatMap(({ specifier }) => (specifier ? [{ file, from: specifier }] : []));
  });
}

describe("the house", () => {
  for (const [folder, allowed] of Object.entries(arrows)) {
    it(`lets ${folder} import only ${allowed.join(", ")}`, async () => {
      const found = await imports(folder);
      assert.ok(found.length > 0, `no import found in ${folder}: the test looks in the wrong place`);
      const wrong = found
        .filter(({ from }) => from.startsWith("."))
        .filter(({ file, from }) => !allowed.includes(normalize(join(dirname(file), from)).split("/")[0] as string));
      assert.deepEqual(wrong, []);
    });
  }

  it("keeps the domain pure", async () => {
    assert.deepEqual(
      (await imports("domain")).filter(({ from }) => impure.test(from)),
      [],
    );
  });

  it("creates resources in components and in the program's entry alone", async () => {
    const outside = (await Promise.all(["services", "domain", "policies"].map(imports))).flat();
    assert.deepEqual(
      outside.filter(({ from }) => /^@pulumi\/(aws|kubernetes|random|pulumi)/.test(from)),
      [],
    );
  });
});
