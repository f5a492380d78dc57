import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { program } from "../../components/jobs/program.ts";

describe("a program that is carried in a pod", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "upkeep-program-"));
    await symlink(join(clone, "node_modules"), join(folder, "node_modules"));
  });
  after(() => rm(folder, { recursive: true }));

  /** The text that a pod would carry of a program that is elsewhere. */
  async function carried(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return program(relative(join(clone, "programs"), join(folder, name)));
  }

  it("is a shell program's file as it is", () =>
    assert.match(program("postgres/dump.sh"), /^#!\/usr\/bin\/env bash\n/));

  it("holds what it imports from its neighbours, each once, and no import that a pod could not follow", () => {
    const text = program("health/monitor.ts");
    const imported = [...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from).sort();
    assert.deepEqual(imported, ["node:crypto", "node:fs", "node:net", "node:timers/promises"]);
    assert.equal(text.match(/^async function deliver\(|^function whyUnanswered\(/gm)?.length, 2);
  });

  it("holds what it imports from a package, in front of its own text, which stays as it was written", async () => {
    const text = await carried(
      "encrypts.ts",
      `import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
       const identity: string = await generateIdentity();
       const [encrypter, decrypter] = [new Encrypter(), new Decrypter()];
       encrypter.addRecipient(await identityToRecipient(identity));
       decrypter.addIdentity(identity);
       console.log(await decrypter.decrypt(await encrypter.encrypt("read back"), "text"));`,
    );
    assert.match(text, /^var identity = await .*generateIdentity\)\(\);$/m);
    // Where no package is.
    const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", text], { cwd: "/" });
    assert.equal(stdout, "read back");
  });

  it("fits in one argument of a process, and in YAML, each of ours", () => {
    const programs = globSync("**/*.{sh,ts}", { cwd: join(clone, "programs") });
    assert.ok(programs.length > 5);
    for (const name of programs) {
      const text = program(name);
      assert.ok(Buffer.byteLength(text) < 131_072, name);
      // Source: yaml.org/spec/1.2.2, "Character Set".
      assert.doesNotMatch(text, /[^\t\n\P{Cc}]/u, name);
    }
  });

  it("that imports a package other than by names is refused, with the way to do it", () =>
    assert.rejects(
      () => carried("whole.ts", `import * as age from "age-encryption"; console.log(age);`),
      /whole\.ts .*import \{ name \} from "age-encryption"$/,
    ));

  it("that does not fit is refused with both sizes", () =>
    assert.rejects(() => carried("long.sh", `#${"-".repeat(131_071)}`), /long\.sh .*\b131072\b.*\b131071\b/));

  it("that is not there is named", () => assert.throws(() => program("health/none.ts"), /health\/none\.ts/));
});
