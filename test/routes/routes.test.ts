import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { Service } from "../../domain/declaration/service.ts";
import { placed } from "../../domain/environment/placed.ts";
import { type AlertmanagerConfiguration, alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { alertmanagerConfigSpec } from "../../domain/routing/alertmanagerConfig.ts";
import { declaredServices } from "../../services/index.ts";
import { environmentOf } from "../support/environment.ts";
import { assembled } from "./operator.ts";

const paging = {
  "js-mcp": severities("js-mcp-critical", "js-mcp-warning", "nowhere"),
  "lang-observatory": severities("lang-observatory-critical", "lang-observatory-warning", "nowhere"),
  mplp: severities("mplp-critical", "mplp-warning", "nowhere"),
  tapio: severities("tapio-critical", "tapio-warning", "nowhere"),
  "task-mcp": severities("task-mcp-critical", "task-mcp-warning", "nowhere"),
};

/** Which receiver each alert must reach, by environment, service and severity; `other` is a severity that no rule of ours has. */
const expected: Record<string, Record<string, Record<string, string>>> = {
  prod: paging,
  sandbox: paging,
  // Shared with others, so receivers have their object's name in front; and nobody is woken.
  staging: {
    "js-mcp": quiet("js-mcp-warning", "js-mcp-staging/js-mcp-routes/"),
    "lang-observatory": quiet("lang-observatory-warning", "lang-observatory-staging/lang-observatory-routes/"),
    mplp: quiet("mplp-warning", "mplp-staging/mplp-routes/"),
    tapio: quiet("tapio-warning", "tapio-staging/tapio-routes/"),
    "task-mcp": quiet("task-mcp-warning", "task-mcp-staging/task-mcp-routes/"),
  },
};

function quiet(warning: string, prefix: string): Record<string, string> {
  return severities(warning, warning, "nowhere", prefix);
}

function severities(critical: string, warning: string, info: string, prefix = ""): Record<string, string> {
  const receivers = { critical, warning, info, none: "nowhere", other: "fallback" };
  return Object.fromEntries(Object.entries(receivers).map(([severity, receiver]) => [severity, prefix + receiver]));
}

/** An environment's configuration: our own, or what prometheus-operator makes of our part of a shared one. */
function configurationOf(stack: string, services: Service[]): AlertmanagerConfiguration {
  const environment = environmentOf(stack);
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

for (const [stack, rows] of Object.entries(expected)) {
  describe(`the routes of ${stack}`, () => {
    let folder: string;
    let file: string;
    let services: Service[];
    before(async () => {
      services = (await declaredServices()).map((service) => placed(service, environmentOf(stack)));
      folder = mkdtempSync(join(tmpdir(), "upkeep-routes-"));
      file = join(folder, "alertmanager.yaml");
      writeFileSync(file, stringify(configurationOf(stack, services)));
    });
    after(() => rmSync(folder, { recursive: true }));

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

    it("are expected of every service that is declared", () => {
      assert.deepEqual(services.map(({ name }) => name).sort(), Object.keys(rows).sort());
    });

    for (const [service, receivers] of Object.entries(rows)) {
      for (const [severity, receiver] of Object.entries(receivers)) {
        it(`bring ${severity} alerts of ${service} to ${receiver}`, () => {
          const { namespace = "" } = services.find(({ name }) => name === service) ?? {};
          return reaches(receiver, { alertname: "Any", service, severity, namespace });
        });
      }
    }

    it("bring what has no service of ours to whoever is to hear of everything", () =>
      reaches(stack === "staging" ? "somebody-else" : "fallback", {
        alertname: "KubeNodeNotReady",
        severity: "critical",
      }));
  });
}
