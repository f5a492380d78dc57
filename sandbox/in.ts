import { spawnSync } from "node:child_process";
import { sandboxEnvironment } from "./engine.ts";
import { settings } from "./settings.ts";

/** `sandbox/in <command>`: runs it with the sandbox's tools, cluster, S3 and engine. */
const [command = "bash", ...args] = process.argv.slice(2);
const { status, error } = spawnSync(command, args, { stdio: "inherit", env: await sandboxEnvironment(settings()) });
if (error) process.stderr.write(`${command}: ${error.message}\n`);
process.exitCode = status ?? 1;
