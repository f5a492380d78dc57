import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { ciRun } from "./plant.ts";

const GOOD = `it("holds", () => {});`;
const FAILING = `${GOOD} it("does not hold", () => { throw new Error("planted failure"); });`;
const CRASHING = `${GOOD} it("dies", () => process.kill(process.pid, "SIGKILL"));`;
const LEAVING = `${GOOD} it("leaves", () => process.exit(0));`;
const EMPTY = `describe("nothing", () => {});`;

/** How long a process lives that a planted test starts. */
const SLEEP_SECONDS = 60;

/** A test that starts a process, says which, and then does `what` with it. */
function starting(options: string, what: string): string {
  return `
    import { spawn } from "node:child_process";
    it("starts a process", function () {
      this.timeout(0);
      const child = spawn("sleep", ["${SLEEP_SECONDS}"], { ${options} });
      console.log("started", child.pid);
      ${what}
    });`;
}

function startedBy(output: string): number {
  return Number(/^started (\d+)$/m.exec(output)?.[1]);
}

/** Whether a process runs; one that ended and whose parent has not yet asked for its exit code does not. */
function lives(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\tZ/m.test(readFileSync(status, "utf8"));
}

describe(".ci/run", function () {
  this.timeout("1m");

  it("exits with 0 and ends in the count where all suites are good", async () => {
    const { exitCode, lastLine, left } = await ciRun({ suites: { first: GOOD, second: GOOD } });
    assert.equal(exitCode, 0);
    assert.equal(lastLine, "2 passed, 0 failed");
    assert.deepEqual(left, []);
  });

  it("fails with a failing test, names its suite, and still runs the others", async () => {
    const { exitCode, lastLine, output, left } = await ciRun({ suites: { failing: FAILING, good: GOOD } });
    assert.notEqual(exitCode, 0);
    assert.equal(lastLine, "2 passed, 1 failed");
    assert.match(output, /^failing +1 +1 /m);
    assert.match(output, /^failing: does not hold: planted failure$/m, "the end of the output says what failed");
    assert.match(output, /^good +1 +0 /m);
    assert.deepEqual(left, []);
  });

  it("runs lanes beside each other, the suites of one in their order, one that waits after all, and shows the output of each in one piece", async () => {
    const meets = (name: string, other: string) => `
      import { existsSync, writeFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      it("meets ${other}", async () => {
        console.log("${name} begins");
        writeFileSync("${name}.txt", "");
        while (!existsSync("${other}.txt")) await sleep(50);
        writeFileSync("${name}-has-met.txt", "");
        console.log("${name} ends");
      });`;
    const follows = (name: string, other: string) => `
      import { existsSync, writeFileSync } from "node:fs";
      writeFileSync("${name}-has-met.txt", "");
      it("comes after", () => { if (!existsSync("${other}-has-met.txt")) throw new Error("it came before"); });`;
    const { lastLine, output } = await ciRun({
      suites: {
        first: meets("first", "second"),
        second: meets("second", "first"),
        third: follows("third", "first"),
        last: follows("last", "third"),
      },
      own: { first: { lane: "a" }, second: { lane: "b" }, third: { lane: "a" }, last: { lane: "b", waits: true } },
    });
    assert.equal(lastLine, "4 passed, 0 failed", output);
    for (const name of ["first", "second"])
      assert.match(output, new RegExp(`^── ${name} ─+\n\n*${name} begins\n${name} ends\n`, "m"));
  });

  const broken: [string, string, object, string][] = [
    ["is killed", CRASHING, {}, "ended with SIGKILL and without a count of its tests"],
    ["exits half way as if all were well", LEAVING, {}, "ended with code 0 and without a count of its tests"],
    ["holds no test", EMPTY, {}, "ran 0 tests; test/suites.json says at least 1"],
    ["lost a test", GOOD, { tests: 2 }, "ran 1 tests; test/suites.json says at least 2"],
    [
      "finds none of its files",
      GOOD,
      { specs: ["test/gone/*.test.ts"] },
      "ended with code 1 and without a count of its tests",
    ],
    [
      "needs a tool that does not exist",
      GOOD,
      { tools: ["hammer"] },
      `"hammer" is not a tool of the sandbox; allowed are`,
    ],
  ];
  for (const [what, text, fields, says] of broken) {
    it(`fails with a suite that ${what}, and says so`, async () => {
      const { exitCode, lastLine, output } = await ciRun({ suites: { planted: text }, fields });
      assert.notEqual(exitCode, 0);
      assert.match(lastLine ?? "", /^\d passed, 1 failed$/);
      assert.ok(output.includes(`\nplanted: ${says}`), output);
    });
  }

  it("fails with a skipped test, and with one that keeps the others from running", async () => {
    for (const text of [`${GOOD} it.skip("later", () => {});`, `${GOOD} it.only("me alone", () => {});`]) {
      assert.notEqual((await ciRun({ suites: { planted: text } })).exitCode, 0);
    }
  });

  it("starts the sandbox once for the suites that run on it, and stops it at the end", async () => {
    const planted = { suites: { first: GOOD, second: GOOD }, fields: { sandbox: true } };
    const { exitCode, output } = await ciRun({ ...planted, command: `console.log("planted", process.argv[2]);` });
    assert.equal(exitCode, 0);
    assert.deepEqual(output.match(/^planted .*/gm), ["planted up", "planted backups", "planted down"]);
  });

  it("fails every suite whose sandbox does not start", async () => {
    const planted = { suites: { first: GOOD, second: GOOD }, fields: { sandbox: true } };
    const { exitCode, output, lastLine } = await ciRun({
      ...planted,
      command: `process.exit(process.argv[2] === "up" ? 3 : 0);`,
    });
    assert.notEqual(exitCode, 0);
    assert.equal(lastLine, "0 passed, 3 failed");
    assert.match(output, /^make up: ended with code 3$/m);
    assert.match(output, /^second: did not run, for make up failed$/m);
  });

  it("fails a suite that needs pods for a user who is not root, says so, and starts no sandbox for it", async () => {
    const { exitCode, lastLine, output } = await ciRun({
      suites: { pods: GOOD },
      fields: { sandbox: true, node: true },
      command: `console.log("planted", process.argv[2]);`,
      ordinary: true,
    });
    assert.notEqual(exitCode, 0);
    assert.equal(lastLine, "0 passed, 1 failed");
    assert.match(output, /^pods: needs pods that run, and only root can start a node: run it as root$/m);
    assert.doesNotMatch(output, /^planted/m);
  });

  it("leaves a suite that takes too long to the nightly run", async () => {
    const own = { slow: { nightly: true } };
    const { lastLine } = await ciRun({ suites: { usual: GOOD, slow: FAILING }, own });
    assert.equal(lastLine, "1 passed, 0 failed");
  });

  it("keeps from tests what make sets for the programs that it runs", async () => {
    const planted = `
      import assert from "node:assert/strict";
      it("is not run by make", () => assert.deepEqual(Object.keys(process.env).filter((name) => /^(MAKE|MFLAGS|SUITE)/.test(name)), []));`;
    assert.equal((await ciRun({ suites: { planted } })).lastLine, "1 passed, 0 failed");
  });

  it("ends a hung suite with the processes that it started", async () => {
    const hung = starting("", "return new Promise(() => {});");
    const { exitCode, lastLine, output } = await ciRun({ suites: { hung }, fields: { minutes: 0.05 } });
    assert.notEqual(exitCode, 0);
    assert.equal(lastLine, "0 passed, 1 failed");
    assert.match(output, /^hung: did not end within 0.05 min and was killed$/m);
    assert.equal(lives(startedBy(output)), false);
  });

  it("does not wait for a process that left its suite's group and holds the output open", async () => {
    const start = performance.now();
    const { exitCode, output } = await ciRun({
      suites: { good: starting(`detached: true, stdio: "inherit"`, "child.unref();") },
    });
    const seconds = (performance.now() - start) / 1000;
    process.kill(startedBy(output));
    assert.equal(exitCode, 0);
    assert.ok(seconds < SLEEP_SECONDS / 2, `took ${seconds} s`);
  });

  it("fails where the set-up fails, and counts that", async () => {
    const { exitCode, lastLine } = await ciRun({ suites: { good: GOOD }, install: "echo planted; exit 3" });
    assert.notEqual(exitCode, 0);
    assert.equal(lastLine, "0 passed, 1 failed");
  });
});
