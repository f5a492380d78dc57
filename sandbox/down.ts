import { step } from "../cli/common/progress.ts";
import { settings } from "./settings.ts";
import { stopSandbox } from "./stop.ts";

/** `make down`: stops every process of the sandbox and removes its network, mounts and files. */
export async function run(): Promise<void> {
  await step("stopping the sandbox", () => stopSandbox(settings()));
}
