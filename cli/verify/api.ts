import type { z } from "zod";
import { Problem } from "../common/problem.ts";

/** Asks a server's HTTP API. @param body what is posted, if anything. @returns the answer's body, judged by the schema */
export type Ask = <T>(
  path: string,
  parameters: Record<string, string>,
  schema: z.ZodType<T>,
  body?: object,
) => Promise<T>;

/** Longer than a busy Prometheus takes for one question. */
const SECONDS = 30;

/**
 * @param server its name for people
 * @param address such as `http://localhost:9090`, with the path prefix if it has one
 */
export function api(server: string, address: string): Ask {
  return async (path, parameters, schema, body) => {
    const query = new URLSearchParams(parameters).toString();
    const url = `${address.replace(/\/+$/, "")}${path}${query && `?${query}`}`;
    const failed = (why: string) =>
      new Problem(
        `${server} at ${address} does not answer ${path}: ${why}. Fix: open a port to it, and give that address`,
      );
    const posted = body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    const signal = AbortSignal.timeout(SECONDS * 1000);
    const response = await fetch(url, { ...posted, signal }).catch((error: Error) => {
      throw failed(String(error.cause ?? error.message));
    });
    const text = await response.text();
    if (!response.ok) throw failed(`${response.status} ${text.slice(0, 200)}`);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw failed(`its answer is no JSON but ${JSON.stringify(text.slice(0, 60))}`);
    }
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw failed("its answer is not that of this API");
    return parsed.data;
  };
}
