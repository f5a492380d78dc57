import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { issueCertificates } from "../../../sandbox/certificates.ts";
import { awsFiles, REGION, writeAwsProfiles } from "../../../sandbox/parts/aws-profiles.ts";
import { moto } from "../../../sandbox/parts/moto.ts";
import { runPart } from "../../../sandbox/parts/run-part.ts";
import { seaweedfs } from "../../../sandbox/parts/seaweedfs.ts";
import { runningProcess, signalled } from "../../../sandbox/processes.ts";
import { type Settings, settings } from "../../../sandbox/settings.ts";
import { tool } from "../../../sandbox/tools/index.ts";

/** Far from those that people use. */
const SLOT = "58";

/** The account of everything in moto. */
export const account = "123456789012";

/** The sandbox's S3, KMS and IAM, by themselves. */
export interface Servers {
  /** Arguments of an aws provider that uses them. */
  provider: object;
  /** Runs the AWS CLI as a person would, on SeaweedFS, KMS and IAM unless said otherwise. @returns its answer, parsed */
  // biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as AWS has calls
  aws(args: string[], profile?: "sandbox" | "sandbox-settings"): Promise<any>;
}

let starting: Promise<Settings> | undefined;

/** Starts the servers once for all tests of a run. */
export async function startServers(): Promise<Servers> {
  starting ??= start();
  const { config, credentials } = awsFiles(await starting);
  const cli = await tool("aws");
  return {
    provider: {
      profile: "sandbox",
      region: REGION,
      sharedConfigFiles: [config],
      sharedCredentialsFiles: [credentials],
      s3UsePathStyle: true,
    },
    async aws(args, profile = "sandbox") {
      const { stdout } = await execa(cli, [...args, "--profile", profile, "--output", "json"], {
        // Alone: the machine's own AWS_ variables would come before what the files say.
        env: { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials },
        extendEnv: false,
      });
      return stdout ? JSON.parse(stdout) : undefined;
    },
  };
}

async function start(): Promise<Settings> {
  const sandbox = { ...settings(SLOT, false), directory: await mkdtemp(join(tmpdir(), "upkeep-aws-")) };
  await issueCertificates(sandbox);
  await writeAwsProfiles(sandbox);
  const { signal } = new AbortController();
  await Promise.all([runPart(sandbox, seaweedfs, signal), runPart(sandbox, moto, signal)]);
  return sandbox;
}

after("stop the servers", async () => {
  const sandbox = await starting?.catch(() => undefined);
  if (!sandbox) return;
  for (const part of [seaweedfs, moto]) {
    const pid = await runningProcess(sandbox, part.name);
    // SeaweedFS takes half a minute to end when asked.
    if (pid) await signalled(pid, "SIGKILL", 5000);
    await part.remove?.(sandbox);
  }
  await rm(sandbox.directory, { recursive: true, force: true });
});
