import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { type AlertmanagerConfiguration, alertmanagerConfiguration } from "../../domain/alertmanager.ts";
import { alertmanagerConfigSpec } from "../../domain/alertmanagerConfig.ts";
import { placed } from "../../domain/placed.ts";
import { environmentOf } from "../support/environment.ts";
import { routed } from "../support/routed.ts";
import { assembled } from "./operator.ts";

/** Which receiver each alert must reach, by environment, service and severity; `other` is a severity that no rule of ours has. */
const expected: Record<string, Record<string, Record<string, string>>> = {
  prod: {
    mplp: severities("mplp-critical", "mplp-warning", "nowhere"),
    "task-mcp": severities("task-mcp-critical", "task-mcp-warning", "nowhere"),
    tapio: severities("tapio-critical", "tapio-warning", "tapio-info"),
  },
  sandbox: {
    mplp: severities("mplp-critical", "mplp-warning", "nowhere"),
    "task-mcp": severities("task-mcp-critical", "task-mcp-warning", "nowhere"),
    tapio: severities("tapio-critical", "tapio-warning", "tapio-info"),
  },
  // Shared with others, whose receivers begin otherwise; and nobody is woken.
  staging: {
    mplp: severities("mplp-warning", "mplp-warning", "nowhere", "mplp-staging/mplp-routes/"),
    "task-mcp": severities("task-mcp-warning", "task-mcp-warning", "nowhere", "task-mcp-staging/task-mcp-routes/"),
    tapio: severities("tapio-warning", "tapio-warning", "tapio-info", "tapio-staging/tapio-routes/"),
  },
};

function severities(critical: string, warning: string, info: string, prefix = ""): Record<string, string> {
  const receivers = { critical, warning, info, none: "nowhere", other: "fallback" };
  return Object.fromEntries(Object.entries(receivers).map(([severity, receiver]) => [severity, prefix + receiver]));
}

/** An environment's configuration: our own, or what prometheus-operator makes of our part of a shared one. */
function configurationOf(stack: string): AlertmanagerConfiguration {
  const environment = environmentOf(stack);
  const services = routed.map((service) => placed(service, environment));
  if (environment.alerting.owner === "upkeep") return alertmanagerConfiguration(environment, services);
  return assembled(
    services.map((service) => ({
      name: `${service.name}-routes`,
      namespace: service.namespace,
      spec: alertmanagerConfigSpec(environment, service),
    })),
  );
}

const amtool = (...args: string[]) => execa("amtool", args, { all: true, reject: false, stdin: "ignore" });

for (const [stack, services] of Object.entries(expected)) {
  describe(`the routes of ${stack}`, () => {
    let folder: string;
    let file: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "upkeep-routes-"));
      file = join(folder, "alertmanager.yaml");
      writeFileSync(file, stringify(configurationOf(stack)));
    });
    after(() => rmSync(folder, { recursive: true }));

    const namespaceOf = (name: string) => {
      const service = routed.find((one) => one.name === name);
      return service ? placed(service, environmentOf(stack)).namespace : "";
    };
    const reaches = async (receiver: string, labels: Record<string, string>) => {
      const { exitCode, all, message } = await amtool(
        "config",
        "routes",
        "test",
        `--config.file=${file}`,
        `--verify.receivers=${receiver}`,
        ...Object.entries(labels).map(([label, value]) => `${label}=${value}`),
      );
      assert.equal(exitCode, 0, all || message);
    };

    it("make a configuration that Alertmanager accepts", async () => {
      const { exitCode, all, message } = await amtool("check-config", file);
      assert.equal(exitCode, 0, all || message);
    });

    for (const [service, receivers] of Object.entries(services)) {
      for (const [severity, receiver] of Object.entries(receivers)) {
        it(`bring ${severity} alerts of ${service} to ${receiver}`, () =>
          reaches(receiver, { alertname: "Any", service, severity, namespace: namespaceOf(service) }));
      }
    }

    it("bring what has no service of ours to whoever is to hear of everything", () =>
      reaches(stack === "staging" ? "somebody-else" : "fallback", {
        alertname: "KubeNodeNotReady",
        severity: "critical",
      }));
  });
}
