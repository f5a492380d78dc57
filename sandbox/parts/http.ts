import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";

const TIMEOUT_MILLISECONDS = 5000;

/**
 * Asks a server of the sandbox by GET. `fetch` cannot be told to trust the sandbox's own authority.
 *
 * @throws Error unless the answer's status is 200
 */
export async function get(settings: Settings, url: string): Promise<string> {
  const secure = url.startsWith("https:");
  const ca = secure ? await readFile(certificate(settings, "ca").certificate) : undefined;
  const options = { agent: false, timeout: TIMEOUT_MILLISECONDS, ...(ca && { ca }) };
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(url, options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      response.on("end", () =>
        response.statusCode === 200 ? resolve(body) : reject(new Error(`${url}: ${response.statusCode} ${body}`)),
      );
    });
    request.on("timeout", () => request.destroy(new Error(`${url}: no answer`)));
    request.on("error", reject);
  });
}
