import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { RECOMMENDED } from "../../domain/prometheus/kubeStateMetrics.ts";
import { freePort, type Server, startServer } from "../support/servers/server.ts";

const GROUP = "autoscaling.k8s.io";
const PLURAL = "verticalpodautoscalers";

/** As the recommender of VerticalPodAutoscalers writes it. */
const recommended = {
  apiVersion: `${GROUP}/v1`,
  kind: "VerticalPodAutoscaler",
  metadata: { namespace: "shop", name: "web", uid: "u", resourceVersion: "1" },
  spec: { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, updatePolicy: { updateMode: "Off" } },
  status: {
    recommendation: {
      containerRecommendations: [
        { containerName: "web", target: { cpu: "250m", memory: "262144k" } },
        { containerName: "proxy", target: { cpu: "25m", memory: "64Mi" } },
      ],
    },
  },
};

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${PLURAL}.${GROUP}`, uid: "d", resourceVersion: "1" },
  spec: {
    group: GROUP,
    scope: "Namespaced",
    names: { kind: "VerticalPodAutoscaler", plural: PLURAL },
    versions: [{ name: "v1", served: true, storage: true }],
  },
};

/** What a mock of the API server lists. A watch of it never has an event. */
const lists: Record<string, object[]> = {
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": [definition],
  [`/apis/${GROUP}/v1/${PLURAL}`]: [recommended],
};

/** The values of docs/features.md for the chart of kube-state-metrics. */
function values(): { customResourceState: { config: object } } {
  const [, block] = /```yaml\n(# values\.yaml[\s\S]*?)```/.exec(readFileSync("docs/features.md", "utf8")) ?? [];
  return parse(block as string)["kube-state-metrics"];
}

describe("kube-state-metrics with the configuration of docs/features.md", function () {
  this.timeout("2m");
  const folder = mkdtempSync(join(tmpdir(), "upkeep-recommendations-"));
  const api = createServer(({ url = "" }, response) => {
    const { pathname, searchParams } = new URL(url, "http://api");
    const items = lists[pathname];
    if (searchParams.has("sendInitialEvents")) return response.writeHead(400).end();
    if (searchParams.has("watch"))
      return void response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    response.writeHead(200, { "content-type": "application/json" });
    if (pathname === "/version")
      return response.end(JSON.stringify({ major: "1", minor: "36", gitVersion: "v1.36.0" }));
    response.end(
      JSON.stringify({ kind: "List", apiVersion: "v1", metadata: { resourceVersion: "1" }, items: items ?? [] }),
    );
  });
  let exporter: Server | undefined;
  after(async () => {
    await exporter?.kill();
    api.closeAllConnections();
    api.close();
    rmSync(folder, { recursive: true });
  });

  it("exports the recommendation of each container, as the dashboards select it", async () => {
    await once(api.listen(0, "127.0.0.1"), "listening");
    const [port, telemetry] = [await freePort(), await freePort()];
    const config = join(folder, "config.yaml");
    writeFileSync(config, stringify(values().customResourceState.config));
    exporter = await startServer(
      "kube-state-metrics",
      [
        `--apiserver=http://127.0.0.1:${(api.address() as AddressInfo).port}`,
        "--custom-resource-state-only",
        `--custom-resource-state-config-file=${config}`,
        ...["--host=127.0.0.1", `--port=${port}`, "--telemetry-host=127.0.0.1", `--telemetry-port=${telemetry}`],
      ],
      `http://127.0.0.1:${port}`,
      "/healthz",
    );
    let found: string[] = [];
    for (let tries = 0; found.length < 4 && tries < 200; tries++) {
      const page = await (await fetch(`${exporter.address}/metrics`)).text();
      found = page.split("\n").filter((line) => line.startsWith(`${RECOMMENDED}{`));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const shown = found.map((line) => {
      const labels = Object.fromEntries([...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
      const { namespace, target_kind, target_name, container, resource } = labels;
      return [namespace, target_kind, target_name, container, resource, Number(line.split(" ").at(-1))].join(" ");
    });
    assert.deepEqual(shown.sort(), [
      "shop Deployment web proxy cpu 0.025",
      `shop Deployment web proxy memory ${64 * 2 ** 20}`,
      "shop Deployment web web cpu 0.25",
      "shop Deployment web web memory 262144000",
    ]);
  });
});
