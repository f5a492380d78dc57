import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { type OneDatastore, oneDatastore } from "./oneDatastore.ts";

/**
 * Kills the engine of an `up` at several points, evenly spread from its first create to its last, and recovers as documented.
 *
 * @param points at least 2
 */
export function describeKills(points: number): void {
  describe("an `up` whose engine is killed", function () {
    this.timeout("6m");
    let sandbox: OneDatastore;
    let undisturbed: unknown;
    let creates: number;

    before(async () => {
      sandbox = await oneDatastore();
      creates = await up(Number.POSITIVE_INFINITY);
      undisturbed = await sandbox.everything();
      await sandbox.clear();
    });
    after(() => sandbox?.remove());

    for (let point = 1; point <= points; point++) {
      it(`is made whole by the documented recovery, killed at point ${point} of ${points} between first and last create`, async () => {
        const killedAt = 1 + Math.round(((point - 1) * (creates - 2)) / (points - 1));
        const seen = await up(killedAt);
        assert.ok(seen < creates, "the engine was not killed before its last create");
        await execa("make", ["recover", "STACK=sandbox"], {
          cwd: sandbox.folder,
          env: { SLOT: sandbox.slot },
          all: true,
          stdin: "ignore",
        });
        assert.deepEqual(await sandbox.everything(), undisturbed);
        assert.deepEqual(await programsIn(sandbox.folder), [], "of the killed engine runs on");
        await sandbox.clear();
      });
    }

    it("keeps no file that the engine writes in place, which a kill could leave empty", async () => {
      const files = await readdir(join(sandbox.folder, ".sandbox/state"), { recursive: true });
      assert.ok(
        files.some((file) => file.endsWith("sandbox.json")),
        "the state is not where it was looked for",
      );
      assert.deepEqual(
        files.filter((file) => file.endsWith(".attrs")),
        [],
      );
    });

    /** Language hosts, programs and plugins of Pulumi's that run in a folder. */
    async function programsIn(folder: string): Promise<string[]> {
      const found: string[] = [];
      for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
          if (/pulumi/.test(command) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) found.push(command);
        } catch {
          // It ended while we looked.
        }
      }
      return found;
    }

    /** Runs `up` and kills the engine with SIGKILL when it starts its nth create. Returns how many creates it started. */
    async function up(killedAt: number): Promise<number> {
      const engine = spawn("pulumi", ["up", "--yes", "--skip-preview", "--stack", "sandbox", "--color=never"], {
        cwd: sandbox.folder,
        env: sandbox.environment,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise<void>((resolve) => engine.on("exit", () => resolve()));
      let started = 0;
      for await (const line of createInterface({ input: engine.stdout })) {
        if (/ creating \(0s\)/.test(line) && ++started === killedAt) engine.kill("SIGKILL");
      }
      await ended;
      assert.equal(engine.signalCode, killedAt === Number.POSITIVE_INFINITY ? null : "SIGKILL");
      return started;
    }
  });
}
