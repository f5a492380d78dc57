import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { copyOfClone } from "../support/copyOfClone.ts";
import { shop } from "../support/shop.ts";
import { RecordingEngine } from "./recordingEngine.ts";
import { runProgram } from "./runProgram.ts";

type Config = Record<string, unknown>;

const [database] = shop.datastores;

/** Declarations that no compiler checks, and the messages about them. */
const mistakes: { mistake: string; changes: object; says: RegExp }[] = [
  {
    mistake: "an unknown kind",
    changes: { datastores: [{ kind: "mysql" }] },
    says: /datastores\[0\]\.kind is "mysql"/,
  },
  {
    mistake: "an unknown version",
    changes: { datastores: [{ ...database, version: 16 }] },
    says: /version is 16; allowed: 15, 17/,
  },
  {
    mistake: "a key that nothing knows",
    changes: { datastores: [{ ...database, adminstrator: {} }] },
    says: /adminstrator is \{\}; allowed: no such key; known are .*did you mean administrator\?/,
  },
  {
    mistake: "a host with a scheme",
    changes: { datastores: [{ ...database, host: "postgres://db" }] },
    says: /host is .*allowed: a DNS name or an IP address/,
  },
  {
    mistake: "a malformed name",
    changes: { namespace: "Shop_NS" },
    says: /namespace is "Shop_NS"; allowed: at most 63/,
  },
  { mistake: "a missing key", changes: { owner: undefined }, says: /owner is missing/ },
  {
    mistake: "PromQL that does not parse",
    changes: { alerts: [{ ...shop.alerts[0], expr: "max(a{$scope} > 90" }] },
    says: /alerts\[0\]\.expr is .* not PromQL at line 1, column 19/,
  },
  {
    mistake: "an unknown channel",
    changes: { notify: { ...shop.notify, info: ["pigeon"] } },
    says: /notify\.info\[0\] is "pigeon"/,
  },
];

describe("a declaration that no compiler checked", function () {
  this.timeout("5m");
  let folder: string;
  const name = (index: number) => `mistake-${index}`;

  before(async () => {
    folder = await copyOfClone("upkeep-mistakes-");
    for (const [index, { changes }] of mistakes.entries()) {
      const declaration = JSON.stringify({ ...shop, name: name(index), ...changes });
      await writeFile(join(folder, "services", `${name(index)}.ts`), `export const service = ${declaration};\n`);
    }
    await writeFile(join(folder, "services", "unreadable.ts"), "export const = 1;\n");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = async (services: string[]) => {
    const engine = new RecordingEngine();
    const { exitCode, all } = await runProgram(engine, {
      folder,
      change: (config: Config) => {
        config["upkeep:services"] = services;
      },
    });
    return {
      exitCode,
      said: [...engine.complaints, all].join("\n"),
      made: engine.registrations.map(({ type }) => type),
    };
  };

  it("stops a stack that enables it before anything is created, with each fault of each", async () => {
    const { exitCode, said, made } = await run(["mplp", "unreadable", ...mistakes.map((_, index) => name(index))]);
    assert.notEqual(exitCode, 0);
    for (const [index, { mistake, says }] of mistakes.entries()) {
      const lines = said.split("\n").filter((line) => line.includes(`${name(index)}: `));
      assert.ok(
        lines.some((line) => says.test(line)),
        `${mistake}: ${lines.join("\n") || said}`,
      );
    }
    assert.match(said, /services\/unreadable\.ts is a file that does not load: SyntaxError/);
    assert.doesNotMatch(said, /\n\s+at /);
    assert.deepEqual(made, ["pulumi:pulumi:Stack"]);
  });

  it("stops no other stack", async () => {
    const { exitCode, said, made } = await run(["mplp"]);
    assert.equal(exitCode, 0, said);
    assert.ok(made.includes("upkeep:index:MaintainedService"));
  });

  it("is refused by `make posture` as by the program", async () => {
    const stack = join(folder, "Pulumi.staging.yaml");
    await execa("sed", ["-i", "s/upkeep:services: .*/upkeep:services: [mistake-1]/", stack]);
    const { exitCode, all } = await execa(process.execPath, ["cli/main.ts", "posture", "staging"], {
      cwd: folder,
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 1, all);
    assert.match(all, /service "mistake-1" cannot be deployed:\n- datastores\[0\]\.version is 16/);
  });
});
