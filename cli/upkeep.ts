#!/usr/bin/env node
import { runCommand } from "./common/command.ts";
import { Problem } from "./common/problem.ts";

/** The library runs on Node 20 too; the packages that these commands start others with do not. */
const OLDEST = 22;

/** What `npx upkeep` runs in a team's own repository; cli/main.ts has the commands of a clone. */
await runCommand(
  {
    diff: { does: "say what a change does to a stack, its promises first", load: onNewNode(() => import("./diff.ts")) },
    comment: {
      does: "write a change's reports as the comment of its pull request",
      load: onNewNode(() => import("./comment.ts")),
    },
    drift: {
      does: "say whether cluster and account are as a stack declares them",
      load: onNewNode(() => import("./drift.ts")),
    },
  },
  process.argv.slice(2),
);

function onNewNode<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    if (Number(process.versions.node.split(".")[0]) >= OLDEST) return load();
    throw new Problem(
      `upkeep: Node is ${process.version}; needed: ${OLDEST} or later. Fix: put a newer node first on PATH`,
    );
  };
}
