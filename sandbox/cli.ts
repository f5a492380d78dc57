import { runCommand } from "../cli/common/command.ts";

await runCommand(
  {
    up: { does: "start the sandbox, deploy to it, and say what now exists", load: () => import("./up.ts") },
    down: { does: "stop the sandbox and remove all that it made but the built tools", load: () => import("./down.ts") },
    backups: { does: "run each backup once that has published nothing yet", load: () => import("./backups.ts") },
    status: { does: "say which parts of the sandbox run", load: () => import("./status.ts") },
    tools: { does: "build and fetch all tools, or the named ones", load: () => import("./tools/command.ts") },
  },
  process.argv.slice(2),
);
