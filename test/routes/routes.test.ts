import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { Service } from "../../domain/declaration/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { type AlertmanagerConfiguration, alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { serviceRoutes } from "../../domain/routing/alertmanagerConfig.ts";
import { platform, type Routed } from "../../domain/routing/platform.ts";
import { declaredServices } from "../../services/index.ts";
import { environmentOf } from "../support/environment.ts";
import { billing, keeping, shop } from "../support/shop.ts";
import { assembled, type Strategy, strategies } from "./operator.ts";

const paging = {
  shop: severities("shop-critical", "shop-warning", "nowhere"),
  billing: severities("billing-critical", "billing-warning", "billing-info"),
};

/** Which receiver each alert must reach, by environment, service and severity; `other` is a severity that no rule of ours has. */
const expected: Record<string, Record<string, Record<string, string>>> = {
  prod: paging,
  sandbox: paging,
  // Shared with others, so receivers have their object's name in front; and nothing pages.
  staging: {
    shop: quiet("shop-warning", "nowhere", "shop/shop-routes/"),
    billing: quiet("billing-warning", "billing-info", "billing/billing-routes/"),
  },
};

function quiet(warning: string, info: string, prefix: string): Record<string, string> {
  return severities(warning, warning, info, prefix);
}

function severities(critical: string, warning: string, info: string, prefix = ""): Record<string, string> {
  const receivers = { critical, warning, info, none: "nowhere", other: "fallback" };
  return Object.fromEntries(Object.entries(receivers).map(([severity, receiver]) => [severity, prefix + receiver]));
}

/** An environment's configuration: our own, or what prometheus-operator makes of our part of a shared one. */
function configurationOf(stack: string, services: Routed[], strategy?: Strategy): AlertmanagerConfiguration {
  const environment = environmentOf(stack);
  if (environment.alerting.owner === "upkeep") return alertmanagerConfiguration(environment, services as Service[]);
  return assembled(serviceRoutes(environment, services), strategy);
}

const amtool = (...args: string[]) => execa("amtool", args, { all: true, reject: false, stdin: "ignore" });

for (const [stack, rows] of Object.entries(expected)) {
  describe(`the routes of ${stack}`, () => {
    let folder: string;
    let file: string;
    const services = [shop, billing];
    before(() => {
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

    it("make a configuration that Alertmanager accepts, of whatever services/ holds too", async () => {
      const declared = (await declaredServices()).map((service) => inEnvironment(service, environmentOf(stack)));
      for (const all of [services, declared]) {
        writeFileSync(join(folder, "all.yaml"), stringify(configurationOf(stack, all)));
        const { exitCode, all: text, message } = await amtool("check-config", join(folder, "all.yaml"));
        assert.equal(exitCode, 0, text || message);
      }
    });

    for (const [service, receivers] of Object.entries(rows)) {
      for (const [severity, receiver] of Object.entries(receivers)) {
        it(`bring ${severity} alerts of ${service} to ${receiver}`, () => {
          const { namespace = "" } = services.find(({ name }) => name === service) ?? {};
          return reaches(receiver, { alertname: "Any", service, severity, namespace });
        });
      }
    }

    it("bring what has no service of ours to the receiver of everything", () =>
      reaches(stack === "staging" ? "somebody-else" : "fallback", {
        alertname: "KubeNodeNotReady",
        severity: "critical",
      }));
  });
}

describe("alerts of what a service has in another namespace", () => {
  const [orders] = keeping(shop, "orders").datastores as [Service["datastores"][0]];
  const service: Service = { ...keeping(shop, "orders"), datastores: [{ ...orders, namespace: "database" }] };

  for (const strategy of strategies) {
    it(`reach its team once, where prometheus-operator's matcher strategy is ${strategy}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "upkeep-routes-"));
      try {
        const file = join(folder, "alertmanager.yaml");
        writeFileSync(file, stringify(configurationOf("staging", [service], strategy)));
        for (const namespace of ["shop", "database"]) {
          const labels = ["alertname=Any", "service=shop", "severity=warning", `namespace=${namespace}`];
          const { stdout } = await amtool("config", "routes", "test", `--config.file=${file}`, ...labels);
          assert.equal(stdout, `${namespace}/shop-routes/shop-warning`);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it(`of the platform reach the team, where the strategy is ${strategy}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "upkeep-routes-"));
      try {
        const file = join(folder, "alertmanager.yaml");
        const upkeep = platform(environmentOf("staging"));
        writeFileSync(file, stringify(configurationOf("staging", [service, upkeep], strategy)));
        const labels = ["alertname=Any", "service=upkeep", "severity=warning", "namespace=monitoring"];
        const { stdout } = await amtool("config", "routes", "test", `--config.file=${file}`, ...labels);
        assert.equal(stdout, "monitoring/upkeep-routes/upkeep-warning");
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
