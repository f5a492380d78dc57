import { join } from "node:path";
import { sandboxEngine } from "../cli/engine.ts";
import { kubectlCache, type Settings } from "./settings.ts";
import { toolsOnPath } from "./tools/index.ts";

/** What a command needs to find the sandbox's tools, cluster, S3 and engine. */
export async function sandboxEnvironment(settings: Settings): Promise<Record<string, string>> {
  const { environment } = await sandboxEngine();
  return {
    ...environment,
    ...kubectlCache(settings),
    PATH: await toolsOnPath(["kubectl", "aws"]),
    KUBECONFIG: join(settings.directory, "kubeconfig"),
    AWS_CONFIG_FILE: join(settings.directory, "aws/config"),
    AWS_SHARED_CREDENTIALS_FILE: join(settings.directory, "aws/credentials"),
    AWS_PROFILE: "sandbox",
  };
}
