import { imageNames } from "../../sandbox/images/names.ts";
import { namespace as production } from "../story/job.ts";
import { withPod } from "../story/pod.ts";
import type { Sandbox } from "../support/sandbox.ts";

/** What a proxy does to the connections that it carries. Bytes are counted in one direction of one connection. */
export interface Harm {
  /** `answer`: what the server sends; `request`: what the client sends. */
  to: "answer" | "request";
  /** `cut` closes the connection, `stall` passes nothing more, `flip` changes one bit, `slow` passes no more than `rate` bytes a second. */
  does: "cut" | "stall" | "flip" | "slow";
  after: number;
  rate?: number;
  /** On how many connections. Default: all. */
  times?: number;
  /** Closes every connection that comes after this harm, or, with `does: "cut"` and an `after` never reached, after the first that carried `large` bytes. */
  large?: number;
}

export interface TcpProxy {
  address: string;
  /** What it did, a line each: the proof that a fault was reached. */
  log(): Promise<string>;
}

/** Runs as a pod's only process. Its one argument is JSON: the target, the port and the harm. */
const program = `
const net = require("node:net");
const { host, port, harm } = JSON.parse(process.argv[1]);
let left = harm.times ?? Infinity;
let closed = false;
const say = (text) => console.log(harm.does + ": " + text);
net.createServer((client) => {
  if (closed) {
    say("refused a connection");
    return client.destroy();
  }
  const server = net.connect(port, host);
  const end = () => { client.destroy(); server.destroy(); };
  const carry = (from, to, harmed) => {
    let seen = 0, done = false;
    from.on("data", (chunk) => {
      if (done) return;
      const at = harm.after - seen;
      seen += chunk.length;
      if (!harmed || left <= 0 || seen <= harm.after) return void (to.write(chunk) || (from.pause(), to.once("drain", () => from.resume())));
      if (harm.does === "slow") {
        if (at >= 0) say("slowed after " + harm.after + " bytes");
        to.write(chunk);
        from.pause();
        return void setTimeout(() => from.resume(), (1000 * chunk.length) / harm.rate);
      }
      if (harm.does === "flip") {
        if (at >= 0) { chunk[at] ^= 1; say("flipped a bit after " + harm.after + " bytes"); }
        return void to.write(chunk);
      }
      done = true;
      left--;
      to.write(chunk.subarray(0, Math.max(at, 0)), () => {
        say((harm.does === "cut" ? "closed" : "passes nothing more") + " after " + harm.after + " bytes");
        if (harm.does === "cut") end();
      });
    });
    from.on("end", () => done || to.end());
    from.on("close", () => {
      to.destroy();
      if (harmed && harm.large && seen >= harm.large && !closed) {
        closed = true;
        say("let " + seen + " bytes through, and closes what comes now");
      }
    });
    from.on("error", end);
  };
  carry(client, server, harm.to === "request");
  carry(server, client, harm.to === "answer");
}).listen(port);`;

/** A TCP proxy in a pod of its own, between a job's pod and a server, both in one namespace. */
export function withProxy<T>(
  sandbox: Sandbox,
  name: string,
  target: { host: string; port: number },
  harm: Harm,
  use: (proxy: TcpProxy) => Promise<T>,
  namespace = production,
): Promise<T> {
  const pod = {
    namespace,
    name: `proxy-${name}`,
    image: imageNames.node,
    user: 1000,
    command: ["node", "--eval", program, JSON.stringify({ ...target, harm })],
    ready: { tcpSocket: { port: target.port } },
  };
  return withPod(sandbox, pod, (address) =>
    use({ address, log: () => sandbox.kubectl("--namespace", namespace, "logs", pod.name) }),
  );
}
