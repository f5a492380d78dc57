import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { environmentOf } from "../support/environment.ts";
import { ownAlerting } from "../support/kubePrometheusStack.ts";
import { billing, shop } from "../support/shop.ts";

describe("an Alertmanager of our own that keeps the routes of kube-prometheus-stack", () => {
  const environment = environmentOf("prod", { alerting: ownAlerting });
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-others-"));
    file = join(folder, "alertmanager.yaml");
    writeFileSync(file, stringify(alertmanagerConfiguration(environment, [shop, billing])));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("has a configuration that Alertmanager accepts", async () => {
    const { exitCode, all, message } = await execa("amtool", ["check-config", file], { all: true, reject: false });
    assert.equal(exitCode, 0, all || message);
  });

  const ours = "environment=prod";
  const cases: [alert: string, labels: string[], receivers: string][] = [
    ["a critical alert of the cluster", ["alertname=KubeNodeNotReady", "severity=critical"], "platform-pager"],
    ["a warning of the cluster", ["alertname=KubePodNotReady", "severity=warning"], "platform"],
    [
      "an alert of another service",
      ["alertname=Slow", "severity=critical", "service=kube-prometheus-stack-operator"],
      "platform-pager",
    ],
    [
      "an alert of the cluster with the external label of our environment",
      ["alertname=KubeNodeNotReady", "severity=critical", ours],
      "platform-pager",
    ],
    ["the Watchdog of the cluster", ["alertname=Watchdog", "severity=none"], "dead-mans-switch,null"],
    [
      "the Watchdog of Upkeep",
      ["alertname=Watchdog", "severity=none", "service=upkeep", ours],
      "dead-mans-switch,nowhere",
    ],
    ["InfoInhibitor", ["alertname=InfoInhibitor", "severity=none"], "null"],
    ["a window of ours", ["alertname=MaintenanceWindow", "severity=none", "service=shop", ours], "nowhere"],
    [
      "a critical alert of ours",
      ["alertname=EndpointDown", "severity=critical", "service=shop", ours],
      "shop-critical",
    ],
    [
      "a critical alert of the platform",
      ["alertname=ExporterMissing", "severity=critical", "service=upkeep"],
      "upkeep-critical",
    ],
    ["an alert of ours of an unknown severity", ["alertname=Any", "severity=page", "service=shop"], "fallback"],
  ];
  for (const [alert, labels, receivers] of cases) {
    it(`brings ${alert} to ${receivers}`, async () => {
      const { stdout } = await execa("amtool", ["config", "routes", "test", `--config.file=${file}`, ...labels], {
        stdin: "ignore",
      });
      assert.equal(stdout, receivers);
    });
  }
});
