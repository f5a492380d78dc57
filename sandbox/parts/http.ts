import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { execa } from "execa";
import { certificate } from "../certificates.ts";
import type { Settings } from "../settings.ts";
import { findInit } from "./namespaces.ts";

const TIMEOUT_MILLISECONDS = 5000;

/**
 * Sends a request to a server of the sandbox. `fetch` cannot trust the sandbox's own certificate authority.
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

/** Asks a server that listens on the sandbox's own loopback, which with a node is not the host's. */
export async function requestLoopback(settings: Settings, url: string): Promise<string> {
  if (!settings.node) return request(settings, url);
  const init = await findInit(settings);
  const fetched = `process.stdout.write(await (await fetch("${url}")).text())`;
  const node = [process.execPath, "--input-type=module", "--eval", fetched];
  const { stdout } = await execa("nsenter", ["--target", `${init}`, "--net", "--", ...node], {
    env: { NODE_OPTIONS: "" },
  });
  return stdout;
}
