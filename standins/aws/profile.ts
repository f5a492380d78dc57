import { readFile } from "node:fs/promises";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { Problem } from "../../cli/common/problem.ts";
import type { Configuration } from "./configuration.ts";

export interface Profile {
  region: string | undefined;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** PEM text, of the file that `ca_bundle` names. */
  certificateAuthority: string | undefined;
  /**
   * The `endpoint_url` of one service in the profile's `services` section.
   * @throws Problem when there is none: the SDK would go to AWS itself
   */
  endpoint(service: string): string;
}

/** @throws Problem when the profile does not exist, or has no keys */
export async function loadProfile(name: string, files: Configuration): Promise<Profile> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ...(files.sharedConfigFiles?.[0] ? { configFilepath: files.sharedConfigFiles[0] } : {}),
    ...(files.sharedCredentialsFiles?.[0] ? { filepath: files.sharedCredentialsFiles[0] } : {}),
    ignoreCache: true,
  });
  const profile = configFile[name];
  if (profile === undefined) {
    const where = files.sharedConfigFiles?.[0] ?? "the default shared config file";
    const names = Object.keys(configFile).filter((key) => !key.includes("."));
    throw new Problem(`aws provider: ${where} has no profile "${name}"; it has: ${names.join(", ") || "none"}`);
  }
  const services = configFile[`services.${profile.services}`] ?? {};
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = {
    ...profile,
    ...credentialsFile[name],
  };
  if (!accessKeyId || !secretAccessKey) {
    throw new Problem(
      `aws provider: profile "${name}" has no aws_access_key_id and aws_secret_access_key in the shared credentials file`,
    );
  }
  return {
    region: profile.region,
    credentials: { accessKeyId, secretAccessKey },
    certificateAuthority: profile.ca_bundle ? await readFile(profile.ca_bundle, "utf8") : undefined,
    endpoint: (service) => {
      const endpoint = services[`${service}.endpoint_url`] ?? profile.endpoint_url;
      if (endpoint) return endpoint;
      throw new Problem(`aws provider: profile "${name}" has no endpoint_url for ${service} in its services section`);
    },
  };
}
