import { existsSync, readFileSync } from "node:fs";

/** A kind as domain/declaration/configurationKinds.ts declares it to a program. */
export interface Kind {
  kind: string;
  apiVersion: string;
  resource: string;
  /** The only objects of the kind that are asked for. */
  names?: string[];
  /** Whether its objects lie encrypted in the artefact. */
  encrypted?: true;
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> } & Record<string, unknown>;
  [field: string]: unknown;
}

/** What the API says of a request that it does not carry out. Source: meta/v1 Status. */
export interface Status {
  message?: string;
  reason?: string;
  details?: { causes?: { reason?: string; message?: string; field?: string }[] };
}

export interface Answer<T> {
  /** Of HTTP. */
  status: number;
  /** What was asked for; undefined where it was not given. */
  value?: T;
  /** Why not. */
  refusal: Status;
}

/** Elsewhere than in a pod, such as behind `kubectl proxy`, API says where it is. */
const api = process.env.API ?? "https://kubernetes.default.svc";
const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const TIMEOUT_MILLISECONDS = 60_000;

/** Asks once, and says what was answered, good or bad. @throws when nothing is, naming the API's address */
export async function ask<T>(method: "GET" | "PATCH", path: string, body?: unknown): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (existsSync(token)) headers.authorization = `Bearer ${readFileSync(token, "utf8")}`;
  // JSON is YAML. Source: kubernetes.io/docs/reference/using-api/server-side-apply, "API implementation".
  if (body !== undefined) headers["content-type"] = "application/apply-patch+yaml";
  const answer = await fetch(api + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  }).catch((error: Error) => {
    throw new Error(`${api} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`);
  });
  const value = parsed(await answer.text());
  // What was meant to be read may hold a Secret: of an answer that is cut off nothing is shown.
  if (value === undefined) throw new Error(`${api} answers ${answer.status} and no JSON to ${method} ${path}`);
  return answer.ok
    ? { status: answer.status, value: value as T, refusal: {} }
    : { status: answer.status, refusal: value as Status };
}

/** @throws when it is not given, with the API's reason */
export async function get<T>(path: string): Promise<T> {
  const { status, value, refusal } = await ask<T>("GET", path);
  if (value === undefined) throw new Error(`${api} answers ${status} to GET ${path}: ${refusal.message}`);
  return value;
}

/** Where the API serves objects of a kind. */
export function pathOf({ apiVersion, resource }: Kind, namespace: string): string {
  return `${apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`}/namespaces/${namespace}/${resource}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
