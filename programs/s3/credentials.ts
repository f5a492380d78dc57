/** A pod's AWS credentials, from the same sources and in the same order as AWS's own clients: docs.aws.amazon.com, "Standardized credential providers". */
import { readFileSync } from "node:fs";
import { partitionOf } from "../../domain/values/partition.ts";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Expiry, as milliseconds since 1970; undefined if they do not expire. */
  expires?: number;
}

type Variables = Record<string, string | undefined>;

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Keys of the environment, which a Secret filled; a role by the ServiceAccount's token (IRSA); or a role by the agent of the node
 * (EKS Pod Identity).
 *
 * @throws when there are none, or their source refuses, naming which
 */
export async function credentials(environment: Variables = process.env): Promise<Credentials> {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_WEB_IDENTITY_TOKEN_FILE: webToken,
    AWS_ROLE_ARN: role,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: agent,
  } = environment;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  if (webToken && role) return ofWebIdentity(webToken, role, environment);
  if (agent) return ofAgent(agent, environment);
  throw new Error(
    "no credentials for S3: neither AWS_ACCESS_KEY_ID nor AWS_WEB_IDENTITY_TOKEN_FILE nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; correct upkeep:backups.identity, or the annotation of the job's ServiceAccount",
  );
}

/** IRSA: exchanges the token that the kubelet projects for a role's credentials. */
async function ofWebIdentity(file: string, role: string, environment: Variables): Promise<Credentials> {
  const { AWS_REGION: region = "us-east-1", AWS_ENDPOINT_URL_STS: endpoint } = environment;
  const url = endpoint ?? `https://sts.${region}.${partitionOf(region).domain}/`;
  const body = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: role,
    RoleSessionName: environment.HOSTNAME ?? "upkeep",
    WebIdentityToken: readFileSync(file, "utf8").trim(),
  });
  const text = await answer("STS", url, { method: "POST", body });
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    ...["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"],
  ].map((name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1]);
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) throw new Error(`${url} gives no credentials`);
  return { accessKeyId, secretAccessKey, sessionToken, expires: Date.parse(expiration) };
}

/** EKS Pod Identity: exchanges the pod's token for credentials at the node's agent. */
async function ofAgent(url: string, environment: Variables): Promise<Credentials> {
  const { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file, AWS_CONTAINER_AUTHORIZATION_TOKEN: given } = environment;
  const token = file ? readFileSync(file, "utf8").trim() : given;
  const text = await answer("the Pod Identity agent", url, { headers: token ? { authorization: token } : {} });
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = JSON.parse(text) as Record<string, string>;
  if (!AccessKeyId || !SecretAccessKey) throw new Error(`${url} gives no credentials`);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(Token && { sessionToken: Token }),
    ...(Expiration && { expires: Date.parse(Expiration) }),
  };
}

async function answer(who: string, url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) }).catch(
    (error: Error) => {
      throw new Error(`${who} at ${url} cannot be reached: ${reason(error)}`);
    },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`${who} at ${url} answers ${response.status}: ${text.slice(0, 500)}`);
  return text;
}

/** Why a request got no answer: the error that `fetch` wraps. */
export function reason(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || cause.name : error.message;
}
