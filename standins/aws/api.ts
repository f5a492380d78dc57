import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Problem } from "../../cli/common/problem.ts";
import type { Session } from "../provider.ts";
import type { Configuration } from "./configuration.ts";
import { retryConflicts } from "./errors.ts";
import { loadProfile, type Profile } from "./profile.ts";
import type { Client } from "./request.ts";

/** What the resources talk to. */
export interface Api {
  region: string;
  /** Buckets and what the S3 server enforces. */
  s3: S3Client;
  /** Records the bucket settings that the S3 server does not support. Nothing enforces them. */
  settings: S3Client;
  /** Whether there is no server, of which a change could be read back. */
  isSilent?: true;
  kms: KMSClient;
  iam: IAMClient;
  sts: STSClient;
}

/**
 * The clients of a profile; those of the bucket settings are of the profile `<profile>-settings`.
 *
 * @param prepare is given each client before its first request
 * @throws Problem when the shared config files lack something: the stand-in never falls back to AWS itself
 */
export async function connect(
  configuration: Configuration,
  session: Session,
  prepare: (client: Client) => void = () => {},
): Promise<Api> {
  const { profile: name, s3UsePathStyle: forcePathStyle } = configuration;
  if (name === undefined) {
    throw new Problem(
      `aws provider: "profile" is not set; the stand-in needs it, with "sharedConfigFiles", to know its servers`,
    );
  }
  const profile = await loadProfile(name, configuration);
  const settings = await loadProfile(`${name}-settings`, configuration);
  const region = configuration.region ?? profile.region;
  if (region === undefined) throw new Problem(`aws provider: "region" is not set, and profile ${name} has none`);

  const options = (of: Profile, service: string) => ({
    region,
    endpoint: of.endpoint(service),
    credentials: of.credentials,
    requestHandler: of.certificateAuthority ? { httpsAgent: { ca: of.certificateAuthority } } : {},
  });
  const api = {
    region,
    s3: new S3Client({ ...options(profile, "s3"), forcePathStyle }),
    settings: new S3Client({ ...options(settings, "s3"), forcePathStyle }),
    kms: new KMSClient(options(profile, "kms")),
    iam: new IAMClient(options(profile, "iam")),
    sts: new STSClient(options(profile, "sts")),
  };
  for (const client of clientsOf(api)) {
    retryConflicts(client, session.signal);
    prepare(client);
  }
  await checkAccount(api, configuration.allowedAccountIds);
  await session.log(
    "info",
    `aws: buckets are at ${profile.endpoint("s3")}; public access blocks and lifecycle transitions, which it does not know, are ` +
      `only recorded at ${settings.endpoint("s3")}; KMS is at ${profile.endpoint("kms")}, IAM at ${profile.endpoint("iam")}`,
  );
  return api;
}

export function clientsOf({ s3, settings, kms, iam, sts }: Api): Client[] {
  return [s3, settings, kms, iam, sts] as Client[];
}

/** As the vendor's plugin: before anything else, and with the same message. */
async function checkAccount({ sts }: Api, allowed: string[] | undefined): Promise<void> {
  if (allowed === undefined || allowed.length === 0) return;
  const { Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
  if (!allowed.includes(Account)) {
    throw new Problem(`AWS account ID not allowed: ${Account}; allowedAccountIds are ${allowed.join(", ")}`);
  }
}
