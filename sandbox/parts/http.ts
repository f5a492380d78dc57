import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";

const TIMEOUT_MILLISECONDS = 5000;

/**
 * Asks a server of the sandbox. `fetch` cannot be told to trust the sandbox's own authority.
 *
 * @throws Error unless the answer's status is 200
 */
export async function request(settings: Settings, url: string, method: "GET" | "POST" = "GET"): Promise<string> {
  const secure = url.startsWith("https:");
  const ca = secure ? await readFile(certificate(settings, "ca").certificate) : undefined;
  const options = { method, agent: false, timeout: TIMEOUT_MILLISECONDS, ...(ca && { ca }) };
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request(url, options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      response.on("end", () =>
        response.statusCode === 200 ? resolve(body) : reject(new Error(`${url}: ${response.statusCode} ${body}`)),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`${url}: no answer`)));
    sent.on("error", reject);
    sent.end();
  });
}
