import type { Finding } from "./finding.ts";

export const PING = Buffer.from("PING\r\n");

/** NOAUTH and NOPERM come from a server that is alive and requires authentication. */
export function readRedis(answer: Buffer): Finding | undefined {
  const [line, ...rest] = answer.toString().split("\r\n");
  if (rest.length === 0)
    return answer.length < 1024 ? undefined : { ok: false, says: "answers, but not as Redis does" };
  if (/^(\+PONG$|-NOAUTH |-NOPERM )/.test(line ?? "")) return { ok: true, says: "answers PING" };
  const error = /^-(.+)/.exec(line ?? "")?.[1];
  return {
    ok: false,
    says: error ? `answers PING with an error: ${error.slice(0, 200)}` : "answers, but not as Redis does",
  };
}
