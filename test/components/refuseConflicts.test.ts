import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { clusterFacts, clusterOf } from "../../components/scaling/cluster.ts";
import { refuseConflicts } from "../../components/scaling/refuseConflicts.ts";
import { environmentOf } from "../support/environment.ts";
import { refused, rejection } from "../support/refused.ts";
import { shop } from "../support/shop.ts";

/** The suite `scaling` tests the real API's answers; these tests are about a missing answer. */
describe("asking the cluster what it has", () => {
  let folder: string;
  let server: Server | undefined;
  let logged: string[];
  const { info } = pulumi.log;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-cluster-"));
    logged = [];
    Object.defineProperty(pulumi.log, "info", { value: async (text: string) => logged.push(text), configurable: true });
  });
  afterEach(async () => {
    Object.defineProperty(pulumi.log, "info", { value: info, configurable: true });
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    rmSync(folder, { recursive: true });
  });

  /** An environment whose context "prod" leads to a server on this machine. */
  function environment(url: string, context = "prod") {
    const path = join(folder, "kubeconfig");
    const cluster = { server: url, "insecure-skip-tls-verify": true };
    const config = {
      clusters: [{ name: "it", cluster }],
      contexts: [{ name: "prod", context: { cluster: "it", user: "me" } }],
      users: [{ name: "me", user: { token: "secret-word" } }],
    };
    writeFileSync(path, JSON.stringify(config));
    return environmentOf("prod", { kubernetes: { context, kubeconfig: path } });
  }

  async function serve(answer: RequestListener): Promise<string> {
    const started = createServer(answer);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  }

  async function asked(url: string, { preview, context = "prod" }: { preview: boolean; context?: string }) {
    await pulumi.runtime.setMocks(
      { newResource: ({ inputs }) => ({ id: "", state: inputs }), call: () => ({}) },
      "upkeep",
      "prod",
      preview,
    );
    return refuseConflicts(environment(url, context), [shop]);
  }

  async function closedPort(): Promise<string> {
    const url = await serve(() => {});
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    return url;
  }

  it("is skipped in a preview with one warning where the kubeconfig has no such context", async () => {
    await asked("https://127.0.0.1:1", { preview: true, context: "elsewhere" });
    assert.equal(logged.length, 1);
    assert.ok(logged[0]?.includes(`: no context "elsewhere" in ${folder}/kubeconfig. `));
  });

  it("is skipped in a preview with a warning where no server listens", async () => {
    const url = await closedPort();
    await asked(url, { preview: true });
    assert.equal(logged.length, 1);
    assert.match(String(logged), /: connect ECONNREFUSED 127\.0\.0\.1:\d+\. /);
  });

  it("is never skipped in an up, which is refused with the reason and what to do", async () => {
    const faults = await rejection(asked("https://127.0.0.1:1", { preview: false, context: "elsewhere" }));
    assert.deepEqual(refused(faults), [["cluster-not-answering", 'the answer of the cluster of context "elsewhere"']]);
    assert.ok(faults[0]?.got?.includes(`no context "elsewhere" in ${folder}/kubeconfig`));
    assert.deepEqual(logged, []);
  });

  it("shows the API's own words where it refuses, and no credentials", async () => {
    const words = 'deployments.apps is forbidden: User "ci" cannot list resource "deployments"';
    const url = await serve((_, response) => {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify({ kind: "Status", message: words }));
    });
    await asked(url, { preview: true });
    assert.match(String(logged), /\b403: deployments\.apps is forbidden: User "ci"/);
    await assert.rejects(asked(url, { preview: false }), ({ message }: Error) => {
      assert.ok(message.includes(words), message);
      return !message.includes("secret-word");
    });
  });

  it("shows the beginning of an answer that is not from the API", async () => {
    const url = await serve((_, response) => {
      response.writeHead(502, { "content-type": "text/html" });
      response.end("<html>Bad Gateway</html>");
    });
    await asked(url, { preview: true });
    assert.match(String(logged), /\b502: <html>Bad Gateway<\/html>\. /);
  });

  it("gives up on a cluster that accepts the connection and says nothing, and keeps no request open", async () => {
    const open = new Set<unknown>();
    const url = await serve((request) => {
      open.add(request);
      request.socket.on("close", () => open.delete(request));
    });
    const cluster = await clusterOf(environment(url), 0.2);
    await assert.rejects(clusterFacts(cluster, shop), {
      name: "NotAnswered",
      message: /^(no answer within 0\.2 s|The operation was aborted due to timeout)$/,
    });
    // Without an end of its own a request lasts five minutes, and the program with it.
    while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("is skipped silently where no service declares a workload", async () => {
    await refuseConflicts(environment("https://127.0.0.1:1", "elsewhere"), [{ ...shop, workloads: [] }]);
    assert.deepEqual(logged, []);
  });
});
