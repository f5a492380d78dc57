import { existsSync, readFileSync } from "node:fs";

/** A kind as domain/declaration/configurationKinds.ts passes it to a program. */
export interface Kind {
  kind: string;
  apiVersion: string;
  resource: string;
  /** The only objects of the kind to request. */
  names?: string[];
  /** Whether its objects are encrypted in the artefact. */
  encrypted?: true;
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  } & Record<string, unknown>;
  [field: string]: unknown;
}

/** The API's answer to a refused request. Source: meta/v1 Status. */
export interface Status {
  message?: string;
  reason?: string;
  details?: { causes?: { reason?: string; message?: string; field?: string }[] };
}

export interface Answer<T> {
  /** Of HTTP. */
  status: number;
  /** The result; undefined if refused. */
  value?: T;
  /** Why it was refused. */
  refusal: Status;
}

/** Outside a pod, such as behind `kubectl proxy`, the variable API has its address. */
const api = process.env.API ?? "https://kubernetes.default.svc";
const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const TIMEOUT_MILLISECONDS = 60_000;

/** Sends one request and returns the answer, good or bad. @throws without an answer, naming the API's address */
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
  // The body may contain a Secret: of a truncated answer nothing is shown.
  if (value === undefined) throw new Error(`${api} answers ${answer.status} and no JSON to ${method} ${path}`);
  return answer.ok
    ? { status: answer.status, value: value as T, refusal: {} }
    : { status: answer.status, refusal: value as Status };
}

/** @throws when the API refuses, with its reason */
export async function get<T>(path: string): Promise<T> {
  const { status, value, refusal } = await ask<T>("GET", path);
  if (value === undefined) throw new Error(`${api} answers ${status} to GET ${path}: ${refusal.message}`);
  return value;
}

/** The API path of a kind's objects. */
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
