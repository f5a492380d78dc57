import { duration, say, step } from "../cli/common/progress.ts";
import { sandboxEngine, selectStack } from "../cli/engine.ts";
import { packFlags } from "../cli/policyPack.ts";
import { backUpOnce, backUpOnceDeclared, deployedPosture } from "./firstBackups.ts";
import { sandboxImages } from "./images/index.ts";
import { showScreen } from "./screen.ts";
import { settings } from "./settings.ts";
import { startSandbox } from "./start.ts";
import type { Cost } from "./tools/go.ts";
import { costOf, tool } from "./tools/index.ts";
import { toolsOfUp } from "./toolsOfUp.ts";
import { declareWorld } from "./world/index.ts";
import { untilReady } from "./world/ready.ts";

/** The backup that `make up` runs once. The others run on their schedules, or once by `make backups`. */
const SHOWN = "mplp-production/mplp-backup";

/** `make up`: everything from a bare machine to a first backup in S3. Run again, it changes nothing and takes seconds. */
export async function run(): Promise<void> {
  const sandbox = settings();
  if (!sandbox.node) say("Not root: everything runs but the node, so pods stay pending and no backup is made.");
  const needed = toolsOfUp(sandbox);
  sayCost(costOf(needed));
  await step("tools", async () => {
    for (const name of needed) await tool(name);
  });
  if (sandbox.node) await step("images", sandboxImages);
  const pack = await packFlags("sandbox");
  const engine = await sandboxEngine();
  // Declared as soon as the API server takes it: S3 is the last to serve.
  const exists = {
    name: "what already exists: namespaces, databases, services",
    after: ["cluster objects", "controller-manager"],
    run: () => step(exists.name, () => declareWorld(sandbox)),
  };
  await Promise.all([step("sandbox", () => startSandbox(sandbox, [exists])), selectStack(engine, "sandbox")]);
  // `make preview STACK=sandbox` shows the plan first.
  const flags = ["--yes", "--skip-preview", "--suppress-progress", "--suppress-outputs", ...pack];
  // The program only refers to existing objects, so it does not wait until they are ready; the first backup does not wait for the other resources.
  const deployed = new AbortController();
  const firstBackup = async () => {
    await step("databases and services become ready", () => untilReady(sandbox));
    await backUpOnceDeclared(sandbox, SHOWN, deployed.signal);
  };
  await allEnded([
    step("pulumi up --stack sandbox", () => engine.run(["up", "--stack", "sandbox", ...flags])).finally(() =>
      deployed.abort(),
    ),
    ...(sandbox.node ? [firstBackup()] : []),
  ]);
  const posture = await deployedPosture(engine);
  if (sandbox.node) await backUpOnce(sandbox, posture, ({ job }) => job === SHOWN);
  await showScreen(sandbox, posture);
}

/** Before a first build, and before one after versions were raised only what it says itself. */
function sayCost({ seconds, gigabytes }: Cost): void {
  if (seconds === 0) return;
  say(
    `Tools are built once: about ${duration(seconds)} on two cores and at most ${Math.ceil(gigabytes)} GB of disk, in .cache and in Go's own caches.`,
  );
}

/** Fails as the first of them does, but not before all have ended: an engine is not left in the middle of its work. */
async function allEnded(runs: Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(runs);
  const failed = ended.find((run) => run.status === "rejected");
  if (failed) throw failed.reason;
}
