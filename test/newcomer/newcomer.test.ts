import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { execa } from "execa";
import { type Newcomer, newcomer } from "./newcomer.ts";
import { traces } from "./traces.ts";

/** Neither of the slots that the sandbox of `make up` and the other suites use. */
const SLOT = "21";

for (const { who, user } of [
  { who: "root", user: undefined },
  { who: "an ordinary user", user: "nobody" },
]) {
  describe(`a fresh clone with an empty home, for ${who}`, function () {
    this.timeout("12m");
    let person: Newcomer;
    const make = (...args: string[]) =>
      execa(person.command[0] as string, [...person.command.slice(1), "make", ...args], {
        cwd: person.clone,
        env: { ...person.environment, SLOT },
        extendEnv: false,
        all: true,
        reject: false,
        stdin: "ignore",
      });
    before(async () => {
      person = await newcomer(user);
    });
    after(() => person?.remove());

    it("`make up` ends with one screen that says what exists", async () => {
      const { exitCode, all } = await make("up");
      assert.equal(exitCode, 0, all);
      assert.match(all, /mplp {2}\(namespace mplp-production, team mplp-operations\)/);
      assert.match(all, user ? /newest {5}none yet/ : /newest {5}\S+: \d+ tables/);
      if (user) assert.match(all, /Not root, so there is no node: pods are accepted and stay pending/);
    });

    it("leaves nothing in the home folder but package managers' caches", async () => {
      const cached = [".cache", ".npm", "go"];
      assert.deepEqual(
        (await readdir(String(person.environment.HOME))).filter((entry) => !cached.includes(entry)),
        [],
      );
    });

    it("`make down` leaves no process, mount, interface, namespace, cgroup or file of the sandbox", async () => {
      assert.notDeepEqual(
        await traces(person.clone, SLOT),
        [],
        "the sandbox left no trace while it ran: the test looks in the wrong places",
      );
      const { exitCode, all } = await make("down");
      assert.equal(exitCode, 0, all);
      assert.deepEqual(await traces(person.clone, SLOT), []);
    });
  });
}
