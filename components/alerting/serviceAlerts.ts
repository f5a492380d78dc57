import * as pulumi from "@pulumi/pulumi";
import { serviceAlertFaults } from "../../domain/alerting/alertFaults.ts";
import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";
import { rules } from "./rules.ts";

export interface ServiceAlertsArgs {
  environment: Environment;
  service: Service;
}

/** The alerts that follow from what a service is, and those that it declares itself, as one object of rules. */
export class ServiceAlerts extends pulumi.ComponentResource {
  /** @throws DeclarationError when an alert could not tell anybody anything, before any child exists */
  constructor(name: string, args: ServiceAlertsArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    refuseFaults(`the alerts of service "${service.name}"`, serviceAlertFaults(service, environment));
    super("upkeep:alerting:ServiceAlerts", name, inputs(args), options);
    const object = `${service.name}-alerts`;
    const alerts = serviceAlerts(service, environment);
    if (alerts.length > 0) {
      rules(
        `${name}-rules`,
        {
          environment,
          metadata: { name: object, namespace: service.namespace, labels: labels(service.name) },
          groups: [{ name: object, rules: alerts }],
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
