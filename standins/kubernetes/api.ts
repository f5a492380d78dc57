import { type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { Problem } from "../../cli/common/problem.ts";
import type { KubernetesObject } from "./objects.ts";

const REQUEST_TIMEOUT_MILLISECONDS = 60_000;

/** A refusal by the API server, with its own text and reason ("AlreadyExists", "Conflict", "Invalid", ...). */
export class ApiError extends Problem {
  override name = "ApiError";
  readonly status: number;
  readonly reason: string;
  /** One for each field, where the API names them. */
  readonly causes: { field?: string; message?: string; reason?: string }[];

  constructor(status: number, body: { message?: string; reason?: string; details?: { causes?: ApiError["causes"] } }) {
    super(body.message ?? `the API answered ${status}`);
    this.status = status;
    this.reason = body.reason ?? "";
    this.causes = body.details?.causes ?? [];
  }
}

/** The API cannot be reached, so nothing is known about what was written. */
export class Unreachable extends Problem {
  override name = "Unreachable";
}

/** The API serves no such kind: perhaps its CustomResourceDefinition is not there yet. */
export class NoSuchKind extends Problem {
  override name = "NoSuchKind";
}

export interface Call {
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** One cluster, by plain HTTPS: the typed clients drop fields that they do not know, and hide `fieldValidation`. */
export class Api {
  readonly #config: KubeConfig;
  readonly #resources = new Map<string, ApiResource[]>();

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  /** @throws ApiError when it refuses, Unreachable when it does not answer */
  async call(method: string, path: string, { query = {}, body, contentType }: Call = {}): Promise<KubernetesObject> {
    const server = this.#config.getCurrentCluster()?.server ?? "";
    const url = new URL(server.replace(/\/$/, "") + path);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
    const options: RequestOptions = { method, timeout: REQUEST_TIMEOUT_MILLISECONDS };
    await this.#config.applyToHTTPSOptions(options);
    options.headers = {
      ...options.headers,
      accept: "application/json",
      "content-type": contentType ?? "application/json",
    };
    const { status, answer } = await send(url, options, body === undefined ? undefined : JSON.stringify(body));
    const parsed = parse(answer);
    if (status >= 300) throw new ApiError(status, parsed);
    return parsed as KubernetesObject;
  }

  /**
   * The REST path of an object, or of its collection when `name` is undefined.
   * @throws NoSuchKind when the API does not serve it
   */
  async path(object: KubernetesObject, name?: string): Promise<string> {
    const { apiVersion, kind } = object;
    const { name: plural, namespaced } = await this.#resource(apiVersion, kind);
    const namespace =
      object.metadata.namespace ?? this.#config.getContextObject(this.#config.getCurrentContext())?.namespace;
    const parts = namespaced ? ["namespaces", namespace ?? "default", plural] : [plural];
    if (name !== undefined) parts.push(encodeURIComponent(name));
    return `${groupPath(apiVersion)}/${parts.join("/")}`;
  }

  /** Only what is found is kept: a kind that is missing now may be served in a moment. */
  async #resource(apiVersion: string, kind: string): Promise<ApiResource> {
    const known = this.#resources.get(apiVersion)?.find((resource) => resource.kind === kind);
    if (known) return known;
    const served = await this.#discover(apiVersion);
    this.#resources.set(apiVersion, served);
    const found = served.find((resource) => resource.kind === kind);
    if (!found) throw new NoSuchKind(`the API server does not serve ${kind} of ${apiVersion}; is its CRD installed?`);
    return found;
  }

  async #discover(apiVersion: string): Promise<ApiResource[]> {
    try {
      const list = await this.call("GET", groupPath(apiVersion));
      const resources = list.resources as ApiResource[];
      return resources.filter(({ name }) => !name.includes("/"));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return [];
      throw error;
    }
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function send(url: URL, options: RequestOptions, body?: string): Promise<{ status: number; answer: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error & { code?: string }) =>
      reject(new Unreachable(`the Kubernetes API at ${url.origin} cannot be reached: ${error.message || error.code}`));
    const outgoing = request(url, options, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), fail);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

function parse(answer: string): Record<string, unknown> {
  try {
    return JSON.parse(answer);
  } catch {
    return { message: answer.trim() };
  }
}
