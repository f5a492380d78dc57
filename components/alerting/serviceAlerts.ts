import * as pulumi from "@pulumi/pulumi";
import { serviceAlertFaults } from "../../domain/alerting/alertFaults.ts";
import type { AlertEnvironment, AlertedService } from "../../domain/alerting/serviceAlerts.ts";
import { serviceAlertGroups } from "../../domain/alerting/serviceAlerts.ts";
import { fieldFaults } from "../../domain/declaration/parse.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";
import type { RulesEnvironment } from "./rules.ts";
import { rules } from "./rules.ts";

export interface ServiceAlertsArgs {
  environment: AlertEnvironment & RulesEnvironment;
  service: AlertedService;
}

const fields = [
  "name",
  "namespace",
  "indicators",
  "objectives",
  "endpoints",
  "workloads",
  "datastores",
  "secrets",
  "alerts",
] as const;

/** The alerts derived from a service's declaration, and the service's own alerts, in one object of rules. */
export class ServiceAlerts extends pulumi.ComponentResource {
  /** The object that holds the rules; undefined for a service without alerts. */
  readonly rules: pulumi.Resource | undefined;

  /** @throws DeclarationError when an alert is invalid, before any child exists */
  constructor(name: string, args: ServiceAlertsArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    const subject = `the alerts of service "${service.name}"`;
    refuseFaults(subject, fieldFaults(service, ...fields));
    refuseFaults(subject, serviceAlertFaults(service, environment));
    super("upkeep:alerting:ServiceAlerts", name, inputs(args), options);
    const groups = serviceAlertGroups(service, environment);
    if (groups.length > 0) {
      this.rules = rules(
        `${name}-rules`,
        {
          environment,
          metadata: { name: `${service.name}-alerts`, namespace: service.namespace, labels: labels(service.name) },
          groups,
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
