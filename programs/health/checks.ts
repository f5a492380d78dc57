import { connect } from "node:net";
import type { HealthCheck, HttpCheck, PostgresCheck, ServerCheck } from "../../domain/alerting/checks.ts";
import { whyUnanswered } from "../alerting/alertmanager.ts";
import { askBackup } from "./backups.ts";
import type { Finding, Result } from "./finding.ts";

const CHECK_TIMEOUT_MS = 5000;
const CHECK_PAUSE_MS = 1000;

/** Checks once and, if that fails, again after a pause. Ends within twice the time-out and the pause, whatever the server does. */
export async function run(check: HealthCheck): Promise<Result[]> {
  if (check.kind === "backup") return (await askBackup(check)).map((finding) => ({ check, ...finding }));
  const first = await ask(check);
  if (first.ok) return [{ check, ...first }];
  await new Promise((resolve) => setTimeout(resolve, CHECK_PAUSE_MS));
  return [{ check, ...(await ask(check)) }];
}

function ask(check: HttpCheck | ServerCheck): Promise<Finding> {
  if (check.kind === "http") return askHttp(check);
  return check.kind === "postgres"
    ? exchange(check, startupMessage(check), readPostgres)
    : exchange(check, Buffer.from("PING\r\n"), readRedis);
}

async function askHttp({ url }: HttpCheck): Promise<Finding> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
      headers: { "user-agent": "upkeep-health-monitor" },
    });
    // An answer that never ends is a failure; its content is dropped.
    for await (const _ of response.body ?? []);
    return { ok: response.ok, says: `answered with status ${response.status}` };
  } catch (error) {
    return { ok: false, says: whyUnanswered(error, CHECK_TIMEOUT_MS) };
  }
}

/** Sends a message over TCP and passes what came back to `read`, until that returns a result. */
function exchange(
  { host, port }: ServerCheck,
  message: Buffer,
  read: (answer: Buffer) => Finding | undefined,
): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let answer = Buffer.alloc(0);
    let connected = false;
    const end = (finding: Finding) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(finding);
    };
    const timer = setTimeout(() => {
      const limit = `${CHECK_TIMEOUT_MS / 1000} s`;
      const says = connected
        ? `accepts connections, but gave no answer within ${limit}`
        : `no connection within ${limit}`;
      end({ ok: false, says });
    }, CHECK_TIMEOUT_MS);
    socket.on("connect", () => {
      connected = true;
      socket.write(message);
    });
    socket.on("data", (part) => {
      answer = Buffer.concat([answer, part]);
      const finding = read(answer);
      if (finding) end(finding);
    });
    socket.on("error", (error) => end({ ok: false, says: whyUnanswered(error, CHECK_TIMEOUT_MS) }));
    socket.on("close", () => end({ ok: false, says: "the connection was closed before an answer" }));
  });
}

/** Names no existing user and authenticates nothing: any answer shows that the server is alive. */
function startupMessage({ database }: PostgresCheck): Buffer {
  const body = Buffer.from(`\0\x03\0\0user\0upkeep-health-monitor\0database\0${database}\0\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

/**
 * Reads the first message of a PostgreSQL server as pg_isready does: a request to authenticate, or any error but "cannot connect
 * now", means that it accepts connections. Source: postgresql.org/docs, "Message Formats"; PQpingParams in libpq.
 */
function readPostgres(answer: Buffer): Finding | undefined {
  const type = String.fromCharCode(answer[0] ?? 0);
  if (type !== "R" && type !== "E") return { ok: false, says: "answers, but not as PostgreSQL does" };
  if (answer.length < 5 || answer.length < answer.readUInt32BE(1) + 1) return undefined;
  const fields = answer.subarray(5).toString().split("\0");
  const field = (code: string) => fields.find((text) => text.startsWith(code))?.slice(1);
  if (type === "E" && field("C") === "57P03") return { ok: false, says: `rejects connections: ${field("M")}` };
  return { ok: true, says: "accepts connections" };
}

/** NOAUTH and NOPERM come from a server that is alive and requires authentication. */
function readRedis(answer: Buffer): Finding | undefined {
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
