import { connect } from "node:net";
import type { ServerCheck } from "../../domain/alerting/checks.ts";
import { whyUnanswered } from "../alerting/alertmanager.ts";
import { CHECK_TIMEOUT_MS, type Finding } from "./finding.ts";

/** Sends a message over TCP and passes what came back to `read`, until that returns a result. */
export function exchange(
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
