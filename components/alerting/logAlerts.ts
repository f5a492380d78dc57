import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { LOG_RULES, type LogEnvironment, logAlertFaults, logAlertGroups } from "../../domain/alerting/logAlerts.ts";
import { fieldFaults } from "../../domain/declaration/parse.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { alertRuleFaults } from "../../domain/prometheus/alertRules.ts";
import type { RuleEnvironment } from "../../domain/prometheus/rules.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";

export interface LogAlertsArgs {
  environment: RuleEnvironment & LogEnvironment;
  service: Pick<Service, "name" | "namespace" | "logAlerts">;
}

/** A service's alerts on its logs, as a rule file that the sidecar of Loki's ruler loads. */
export class LogAlerts extends pulumi.ComponentResource {
  /** @throws DeclarationError where the environment has no ruler, before any child exists */
  constructor(name: string, args: LogAlertsArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    const subject = `the alerts on the logs of service "${service.name}"`;
    refuseFaults(subject, fieldFaults(service, "name", "namespace", "logAlerts"));
    const groups = logAlertGroups(service, environment);
    refuseFaults(subject, [...logAlertFaults(service, environment), ...alertRuleFaults(groups)]);
    super("upkeep:alerting:LogAlerts", name, inputs(args), options);
    new kubernetes.core.v1.ConfigMap(
      `${name}-rules`,
      {
        metadata: {
          name: `${service.name}-log-alerts`,
          namespace: service.namespace,
          labels: { ...labels(service.name), ...environment.features.loki },
        },
        data: { [`${service.name}${LOG_RULES}`]: stringify({ groups }) },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
