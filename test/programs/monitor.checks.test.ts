import assert from "node:assert/strict";
import type { Socket } from "node:net";
import type { HealthCheck, MonitorConfiguration } from "../../domain/alerting/checks.ts";
import { runProgram } from "./run.ts";
import { closeAll, closedPort, http, tcp } from "./servers.ts";

/** A server's message as PostgreSQL's protocol frames it. */
function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(body) + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

const error = (code: string, text: string) => message("E", `SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
const authentication = message("R", "\0\0\0\x05salt");

const answering = (answer: Buffer | string) => tcp((socket) => socket.once("data", () => socket.write(answer)));
const silent = () => tcp(() => {});

/** What the servers got, by the name of their check. */
const received: Record<string, Buffer> = {};

function recording(name: string, answer: Buffer | string) {
  return tcp((socket) => {
    socket.on("data", (part) => {
      received[name] = Buffer.concat([received[name] ?? Buffer.alloc(0), part]);
      socket.write(answer);
    });
  });
}

/** Byte by byte, as a slow network may deliver it. */
async function dripping(answer: Buffer, socket: Socket): Promise<void> {
  socket.setNoDelay(true);
  for (const byte of answer) {
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let asked = 0;

/** Two servers that answer only once both were asked. */
const meeting = { here: Promise.withResolvers<void>(), there: Promise.withResolvers<void>() };

function meet(mine: keyof typeof meeting, other: keyof typeof meeting) {
  return http(async (_, response) => {
    meeting[mine].resolve();
    await meeting[other].promise;
    response.writeHead(200).end();
  });
}

/** Every server that a monitor may meet, real ones on loopback, by the name of its check. */
const servers: Record<
  string,
  { kind: Exclude<HealthCheck["kind"], "backup">; port: () => Promise<number>; host?: string }
> = {
  "http healthy": { kind: "http", port: () => http((_, response) => response.writeHead(204).end()) },
  "http failing": { kind: "http", port: () => http((_, response) => response.writeHead(500).end("no")) },
  "http hanging": { kind: "http", port: () => http(() => {}) },
  "http endless": {
    kind: "http",
    port: () =>
      http((_, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write("."), 100);
        response.on("close", () => clearInterval(drip));
      }),
  },
  "http gone": { kind: "http", port: closedPort },
  "http unknown": { kind: "http", port: async () => 80, host: "nowhere.invalid" },
  "http cut": { kind: "http", port: () => http((request) => request.socket.destroy()) },
  "http stumbling": {
    kind: "http",
    port: () => http((_, response) => response.writeHead(asked++ === 0 ? 503 : 200).end()),
  },
  "http here": { kind: "http", port: () => meet("here", "there") },
  "http there": { kind: "http", port: () => meet("there", "here") },
  "postgres healthy": { kind: "postgres", port: () => recording("postgres healthy", authentication) },
  "postgres slow": {
    kind: "postgres",
    port: () => tcp((socket) => dripping(error("57P03", "the database system is shutting down"), socket)),
  },
  "postgres strict": { kind: "postgres", port: () => answering(error("28000", "no pg_hba.conf entry for host")) },
  "postgres full": { kind: "postgres", port: () => answering(error("53300", "sorry, too many clients already")) },
  "postgres starting": {
    kind: "postgres",
    port: () => answering(error("57P03", "the database system is starting up")),
  },
  "postgres hanging": { kind: "postgres", port: silent },
  "postgres gone": { kind: "postgres", port: closedPort },
  "postgres cut": { kind: "postgres", port: () => tcp((socket) => socket.end()) },
  "postgres other": { kind: "postgres", port: () => answering("HTTP/1.1 400 Bad Request\r\n\r\n") },
  "redis healthy": { kind: "redis", port: () => recording("redis healthy", "+PONG\r\n") },
  "redis locked": { kind: "redis", port: () => answering("-NOAUTH Authentication required.\r\n") },
  "redis loading": {
    kind: "redis",
    port: () => answering("-LOADING Redis is loading the dataset in memory\r\n"),
  },
  "redis hanging": { kind: "redis", port: silent },
  "redis gone": { kind: "redis", port: closedPort },
  "redis other": { kind: "redis", port: () => answering("220 mail.example.com ESMTP\r\n") },
};

/** What the monitor says of each, without the address. */
const findings: Record<string, string> = {
  "http healthy": "ok      answered with status 204",
  "http failing": "failed  answered with status 500",
  "http hanging": "failed  no answer within 5 s",
  "http endless": "failed  no answer within 5 s",
  "http gone": "failed  connection refused: nothing listens there",
  "http unknown": "failed  the name does not resolve: no such host or Service",
  "http cut": "failed  the connection was closed before an answer",
  "http stumbling": "ok      answered with status 200",
  // One after the other, the first would never be answered.
  "http here": "ok      answered with status 200",
  "http there": "ok      answered with status 200",
  "postgres healthy": "ok      accepts connections",
  "postgres slow": "failed  rejects connections: the database system is shutting down",
  "postgres strict": "ok      accepts connections",
  "postgres full": "ok      accepts connections",
  "postgres starting": "failed  rejects connections: the database system is starting up",
  "postgres hanging": "failed  accepts connections, but gave no answer within 5 s",
  "postgres gone": "failed  connection refused: nothing listens there",
  "postgres cut": "failed  the connection was closed before an answer",
  "postgres other": "failed  answers, but not as PostgreSQL does",
  "redis healthy": "ok      answers PING",
  "redis locked": "ok      answers PING",
  "redis loading": "failed  answers PING with an error: LOADING Redis is loading the dataset in memory",
  "redis hanging": "failed  accepts connections, but gave no answer within 5 s",
  "redis gone": "failed  connection refused: nothing listens there",
  "redis other": "failed  answers, but not as Redis does",
};

describe("the monitor's program", function () {
  this.timeout("60s");
  const said: Record<string, string> = {};

  before(async () => {
    const checks = await Promise.all(
      Object.entries(servers).map(async ([name, { kind, port, host = "127.0.0.1" }]): Promise<HealthCheck> => {
        const number = await port();
        const common = { name, severity: "critical", instance: `${host}:${number}` } as const;
        if (kind === "http") return { ...common, kind, url: `http://${host}:${number}/` };
        const server = { ...common, host, port: number };
        return kind === "postgres" ? { ...server, kind, database: "orders" } : { ...server, kind };
      }),
    );
    const configuration: MonitorConfiguration = {
      checks,
      labels: { service: "shop", namespace: "shop", environment: "test" },
      runbooks: "https://upkeep.example.com/runbooks",
      // Nothing is notified here: test/health proves on a real Alertmanager what becomes of this.
      alertmanagers: [`http://127.0.0.1:${await closedPort()}`],
      validFor: 660,
      deadline: 1,
    };
    const { lines } = await runProgram("health/monitor.ts", {
      MONITOR: JSON.stringify(configuration),
      UV_THREADPOOL_SIZE: "64",
    });
    for (const line of lines) {
      const [, state, name, says] = /^(ok|failed) +(.+) \(\w+ \S+\): (.*)$/.exec(line) ?? [];
      if (name) said[name] = `${state?.padEnd(6)}  ${says}`;
    }
  });
  after(closeAll);

  for (const [name, finding] of Object.entries(findings)) {
    it(`says of ${name}: ${finding.slice(8)}`, () => assert.equal(said[name], finding));
  }

  it("has a finding for every check", () => assert.deepEqual(Object.keys(said).sort(), Object.keys(servers).sort()));

  it("asks PostgreSQL as a client of protocol 3.0 would, for the declared database, and proves nothing", () => {
    const sent = received["postgres healthy"] as Buffer;
    assert.equal(sent.readUInt32BE(0), sent.length);
    assert.equal(sent.readUInt32BE(4), 0x0003_0000);
    assert.equal(sent.subarray(8).toString(), "user\0upkeep-health-monitor\0database\0orders\0\0");
  });

  it("sends Redis PING and nothing else", () => assert.equal(String(received["redis healthy"]), "PING\r\n"));
});
