import * as pulumi from "@pulumi/pulumi";
import { platformAlerts } from "../../domain/alerting/platformAlerts.ts";
import type { ProbeEnvironment } from "../../domain/alerting/probes.ts";
import type { AlertEnvironment } from "../../domain/alerting/serviceAlerts.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { PLATFORM, type PlatformEnvironment } from "../../domain/routing/platform.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";
import { type RulesEnvironment, rules } from "./rules.ts";

export interface PlatformAlertsArgs {
  environment: AlertEnvironment & RulesEnvironment & ProbeEnvironment & PlatformEnvironment;
  /** All services that the environment enables, with its overrides. */
  services: Service[];
}

/** The alerts on exporters, Prometheus and Alertmanager, in one object of rules in Alertmanager's namespace. */
export class PlatformAlerts extends pulumi.ComponentResource {
  constructor(name: string, args: PlatformAlertsArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, services } = args;
    super(
      "upkeep:alerting:PlatformAlerts",
      name,
      { ...inputs(args), services: services.map((service) => service.name) },
      options,
    );
    const object = "upkeep-platform-alerts";
    rules(
      `${name}-rules`,
      {
        environment,
        metadata: { name: object, namespace: environment.alerting.namespace, labels: labels(PLATFORM) },
        groups: [{ name: object, rules: platformAlerts(environment, services) }],
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
