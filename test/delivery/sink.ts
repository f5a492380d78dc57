import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** A notification that arrived. */
export interface Received {
  /** The channel, which is the path that its secret URL has. */
  channel: string;
  /** All that was sent. */
  body: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A local server that takes the place of PagerDuty, Slack, webhooks and a mail server, and keeps what it receives. */
export interface Sink {
  /** Base of all URLs. */
  url: string;
  /** host:port of the mail server. */
  smarthost: string;
  received: Received[];
  close(): void;
}

export async function startSink(): Promise<Sink> {
  const received: Received[] = [];
  const keep = (channel: string, body: string) => received.push({ channel, body, at: Date.now() });
  const web = createServer(async (request: IncomingMessage, response) => {
    const channel = request.url?.split("/")[1] ?? "";
    keep(channel, await text(request));
    // As they answer: Alertmanager sends again what is not taken.
    if (channel === "pagerduty") response.writeHead(202).end('{"status":"success"}');
    else response.end("ok");
  }).listen(0, "127.0.0.1");
  const mail = new SMTPServer({
    // Go sends a password without TLS to this machine alone.
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _, done) => done(null, { user: username }),
    onData: (stream, _, done) => {
      text(stream).then((body) => {
        // Mail breaks long lines.
        keep("email", body.replaceAll("=\r\n", ""));
        done();
      }, done);
    },
  });
  const mailServer = mail.listen(0, "127.0.0.1");
  await Promise.all([once(web, "listening"), mailServer.listening || once(mailServer, "listening")]);
  const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port(web)}`,
    smarthost: `localhost:${port(mailServer)}`,
    received,
    close() {
      web.close().closeAllConnections();
      mail.close(() => undefined);
    },
  };
}
