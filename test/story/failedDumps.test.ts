import assert from "node:assert/strict";
import type { V1PodSpec } from "@kubernetes/client-node";
import { execa } from "execa";
import { imageNames } from "../../sandbox/images/names.ts";
import { clone } from "../../sandbox/settings.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { manifests, namespace, runOnce, set } from "./job.ts";
import { withPod } from "./pod.ts";

/** A port that nothing listens on. */
const SILENT = "9";

interface Case {
  name: string;
  /** Prepares the fault, and runs the Job in it. */
  change?: (pod: V1PodSpec) => void;
  /** A server that is in the way, told to the change by its address. */
  behind?: { server: Server; change: (pod: V1PodSpec, address: string) => void };
  /** What its log says; a run without it publishes. */
  fails?: RegExp;
}

type Server = { image: string; user: number; command: string[]; port: number };

/**
 * A TCP proxy that harms the server's answer after so many bytes of it.
 *
 * @param harm `cut` closes the connection there, `flip` changes one bit there
 */
function proxy(target: string, port: number, harm: "cut" | "flip", after: number): Server {
  const program = `
    require("net").createServer((client) => {
      const server = require("net").connect(${port}, "${target}");
      let seen = 0;
      client.pipe(server);
      server.on("data", (chunk) => {
        const at = ${after} - seen;
        seen += chunk.length;
        if (at < 0 || at >= chunk.length) return client.write(chunk);
        if ("${harm}" === "cut") return client.end(chunk.subarray(0, at), () => server.destroy());
        chunk[at] ^= 1;
        client.write(chunk);
      });
      server.on("end", () => client.end());
      for (const socket of [client, server]) socket.on("error", () => { client.destroy(); server.destroy(); });
    }).listen(${port});`;
  return { image: imageNames.node, user: 1000, command: ["node", "--eval", program], port };
}

const secured: Server = {
  image: imageNames.redis,
  user: 999,
  command: ["redis-server", "--requirepass", "right", "--dir", "/scratch"],
  port: 6379,
};

const at = (server: Server, variable: string, more: (pod: V1PodSpec) => void = () => {}) => ({
  server,
  change: (pod: V1PodSpec, address: string) => {
    set(pod, variable, address);
    more(pod);
  },
});

const jobs: { job: string; prefix: string; cases: Case[] }[] = [
  {
    job: "mplp-backup",
    prefix: "database/",
    cases: [
      { name: "as declared" },
      {
        name: "whose password is wrong",
        change: (pod) => set(pod, "PGPASSWORD", "wrong"),
        fails: /password authentication failed for user "mplp"/,
      },
      {
        name: "whose server is gone",
        change: (pod) => set(pod, "PGPORT", SILENT),
        fails: /psql: error: connection to server at "postgresql" .*, port 9 failed/,
      },
      {
        name: "whose server is cut off while it is read",
        behind: at(proxy("postgresql", 5432, "cut", 1_000_000), "PGHOST"),
        fails: /pg_dump: error: Dumping the contents of table .* failed/,
      },
    ],
  },
  {
    job: "mplp-redis-backup",
    prefix: "redis/",
    cases: [
      { name: "as declared" },
      {
        name: "with the password that the server asks for",
        behind: at(secured, "HOST", (pod) => {
          set(pod, "REDISCLI_AUTH", "right");
          // It holds nothing, which is suspect beside what the declared one holds.
          for (const { env } of pod.containers) env?.push({ name: "SHRINK", value: "100%" });
        }),
      },
      {
        name: "whose password is wrong",
        behind: at(secured, "HOST", (pod) => set(pod, "REDISCLI_AUTH", "wrong")),
        fails: /WRONGPASS/,
      },
      { name: "without the password", behind: at(secured, "HOST"), fails: /NOAUTH/ },
      { name: "whose server is gone", change: (pod) => set(pod, "PORT", SILENT), fails: /Could not connect to Redis/ },
      {
        name: "whose server is cut off while it is read",
        behind: at(proxy("redis", 6379, "cut", 1500), "HOST"),
        fails: /I\/O Error reading RDB payload from socket/,
      },
      {
        name: "whose dump is damaged on its way",
        behind: at(proxy("redis", 6379, "flip", 1500), "HOST"),
        fails: /RDB ERROR DETECTED.*cannot be read whole: it is not published/s,
      },
    ],
  },
  {
    job: "mplp-config-backup",
    prefix: "configs/",
    cases: [
      { name: "as declared" },
      {
        name: "that the API refuses",
        change: (pod) => {
          pod.serviceAccountName = "mplp-redis-backup";
        },
        fails: /answers 403 to GET .*\/configmaps\?limit=50: .*cannot list resource/,
      },
    ],
  },
];

describe("a backup that cannot be made", function () {
  this.timeout("3m");
  let sandbox: Sandbox;
  before(async () => {
    await execa("make", ["up"], { cwd: clone, stdin: "ignore" });
    sandbox = await sandboxUnderTest();
  });

  for (const { job, prefix, cases } of jobs) {
    for (const { name, change, behind, fails } of cases) {
      it(`${job} ${name} ${fails ? "fails, says why, and publishes nothing" : "publishes, as a control"}`, async () => {
        const before = await manifests(sandbox, prefix);
        const { succeeded, log } = behind
          ? await withServer(behind.server, (address) => runOnce(sandbox, job, (pod) => behind.change(pod, address)))
          : await runOnce(sandbox, job, change);
        const after = await manifests(sandbox, prefix);
        assert.equal(succeeded, fails === undefined, log);
        if (fails) assert.match(log, fails);
        assert.equal(after.length - before.length, fails ? 0 : 1);
      });
    }
  }

  function withServer<T>({ image, user, command, port }: Server, use: (address: string) => Promise<T>): Promise<T> {
    const ready = { tcpSocket: { port } };
    return withPod(sandbox, { namespace, name: "server-test", image, user, command, ready }, use);
  }
});
