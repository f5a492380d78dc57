import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";
import { motoUrl } from "./moto.ts";
import { s3AccessKey, s3Url } from "./seaweedfs.ts";

export const REGION = "eu-central-1";

/** AWS' shared configuration, to be named by AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE. */
export function awsFiles({ directory }: Settings): { config: string; credentials: string } {
  return { config: join(directory, "aws", "config"), credentials: join(directory, "aws", "credentials") };
}

/**
 * Writes the profiles: `sandbox` (the administrator: objects and buckets in SeaweedFS, all else in moto),
 * `sandbox-settings` (the same one, with the bucket settings that moto keeps), `sandbox-backup-writer`,
 * `sandbox-backup-restorer` and `sandbox-reader` (objects, with those users' rights).
 */
export async function writeAwsProfiles(settings: Settings): Promise<void> {
  const profiles = {
    sandbox: { user: "admin", services: "objects" },
    "sandbox-settings": { user: "admin", services: "settings" },
    "sandbox-backup-writer": { user: "backup-writer", services: "objects" },
    "sandbox-backup-restorer": { user: "backup-restorer", services: "objects" },
    "sandbox-reader": { user: "reader", services: "objects" },
  } as const;
  const config = [services("objects", s3Url(settings), settings), services("settings", motoUrl(settings), settings)];
  const credentials: string[] = [];
  for (const [profile, { user, services }] of Object.entries(profiles)) {
    const { accessKeyId, secretAccessKey } = await s3AccessKey(settings, user);
    // A host that is an address has no subdomains for buckets.
    config.push(`[profile ${profile}]
region = ${REGION}
services = ${services}
ca_bundle = ${certificate(settings, "ca").certificate}
s3 =
  addressing_style = path
`);
    credentials.push(`[${profile}]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
`);
  }
  const files = awsFiles(settings);
  await mkdir(join(settings.directory, "aws"), { recursive: true });
  await writeFile(files.config, config.join("\n"));
  await writeFile(files.credentials, credentials.join("\n"), { mode: 0o600 });
}

function services(name: string, s3: string, settings: Settings): string {
  const elsewhere = ["kms", "iam", "sts"].map((service) => `${service} =\n  endpoint_url = ${motoUrl(settings)}\n`);
  return `[services ${name}]\ns3 =\n  endpoint_url = ${s3}\n${elsewhere.join("")}`;
}
