import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { init, parse } from "es-module-lexer";

/** The domain's folders by layer, the lowest first: a file imports from its own folder and from lower layers. */
const floors = [
  ["domain/values"],
  ["domain/declaration"],
  ["domain/environment"],
  ["domain/kubernetes", "domain/prometheus"],
  ["domain/windows", "domain/scaling"],
  ["domain/jobs"],
  ["domain/backup", "domain/routing"],
  ["domain/bucket"],
  ["domain/alerting"],
  ["domain/dashboards"],
  ["domain"],
];

/** What each other folder may import beside itself, the lowest first: a folder names only folders that come before it. */
const rooms: Record<string, string[]> = {
  programs: ["domain"],
  components: ["domain"],
  policies: ["domain"],
  services: ["domain"],
  "index.ts": ["services", "components"],
  "cli/common": [],
  "sandbox/tools": ["cli/common"],
  standins: ["cli/common"],
  cli: ["cli/common", "sandbox/tools", "standins", "services", "policies", "domain"],
  sandbox: ["cli/common", "sandbox/tools", "cli", "domain"],
  "standins/test": ["standins", "cli/common", "sandbox/tools", "cli", "sandbox", "domain"],
  examples: [],
  library: ["components", "domain"],
  test: ["*"],
  bench: ["test/support", "cli/common", "sandbox/tools", "cli", "sandbox", "services", "components", "domain"],
};

/** Packages that create resources or touch the outside: the domain is pure. */
const impure = /^(node:|@pulumi\/)/;

const ignored = ["node_modules/**", "dist/**", ".cache/**", ".sandbox*/**", "test/mutation/node_modules/**"];

await init();

interface Import {
  file: string;
  from: string;
}

/** Imports of types alone count too: an arrow is about what a reader has to know. */
const imports: Import[] = globSync("**/*.ts", { exclude: ignored }).flatMap((file) => {
  const [found] = parse(readFileSync(file, "utf8"));
  return found.flatMap(({ specifier }) => (specifier ? [{ file, from: specifier }] : []));
});

/** The files of ours that a file imports. */
const arrows = imports
  .filter(({ from }) => from.startsWith("."))
  .map(({ file, from }) => ({ file, to: normalize(join(dirname(file), from)) }));

/** The innermost of our folders that a file is in. */
function roomOf(file: string): string | undefined {
  const known = [...floors.flat(), ...Object.keys(rooms)];
  return known
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((one, other) => other.length - one.length)[0];
}

/** Whether a folder may import a file. */
function allows(room: string, to: string): boolean {
  const target = roomOf(to);
  if (target === room) return true;
  const floor = floors.findIndex((names) => names.includes(room));
  if (floor >= 0)
    return floors
      .slice(0, floor)
      .flat()
      .includes(target ?? "");
  const within = (name: string) => (name === "domain" ? to.startsWith("domain/") : to.startsWith(`${name}/`));
  return (rooms[room] ?? []).some((name) => name === "*" || name === target || within(name));
}

/** Each circle of files once, as the files on it. */
function circles(): string[][] {
  const next = Map.groupBy(arrows, ({ file }) => file);
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(path.slice(start));
    if (start >= 0 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) walk(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) walk(file, []);
  return found;
}

describe("the folders of the repository", () => {
  for (const room of [...floors.flat(), ...Object.keys(rooms)]) {
    it(`lets ${room} import only what is below it`, () => {
      const own = arrows.filter(({ file }) => roomOf(file) === room);
      if (!["domain/values", "cli/common"].includes(room)) {
        assert.ok(own.length > 0, `no import found in ${room}: the test looks in the wrong place`);
      }
      assert.deepEqual(
        own.filter(({ to }) => !allows(room, to)),
        [],
      );
    });
  }

  it("has a folder for every file", () => {
    const files = globSync("**/*.ts", { exclude: ignored });
    assert.deepEqual(
      files.filter((file) => roomOf(file) === undefined),
      [],
    );
  });

  it("has no circle of files", () => {
    assert.deepEqual(circles(), []);
  });

  it("keeps the domain pure", () => {
    assert.deepEqual(
      imports.filter(({ file, from }) => file.startsWith("domain/") && impure.test(from)),
      [],
    );
  });

  it("creates resources in components alone", () => {
    const elsewhere = /^(index\.ts$|(services|domain|policies|programs|cli|sandbox)\/)/;
    assert.deepEqual(
      imports.filter(({ file, from }) => elsewhere.test(file) && /^@pulumi\/(aws|kubernetes|random|pulumi)/.test(from)),
      [],
    );
  });
});
