import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dashboard } from "../../domain/dashboards/dashboard.ts";
import type { DashboardEnvironment } from "../../domain/dashboards/environment.ts";
import { shapeFaults } from "../../domain/declaration/parse.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";

export interface ServiceDashboardArgs {
  environment: DashboardEnvironment & EnvironmentPart<"monitoring.dashboardLabels">;
  /** The service with the environment's overrides. */
  service: Service;
}

/** A service's dashboard, in a ConfigMap that the sidecar of Grafana's chart loads from any namespace. */
export class ServiceDashboard extends pulumi.ComponentResource {
  /** Name of the ConfigMap. */
  readonly configMap: pulumi.Output<string>;

  /** @throws DeclarationError when the declaration is not of its form, before any child exists */
  constructor(name: string, args: ServiceDashboardArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    refuseFaults(`the dashboard of service "${service.name}"`, shapeFaults(service));
    super("upkeep:alerting:ServiceDashboard", name, inputs(args), options);
    const configMap = new kubernetes.core.v1.ConfigMap(
      `${name}-model`,
      {
        metadata: {
          name: `${service.name}-dashboard`,
          namespace: service.namespace,
          labels: { ...labels(service.name), ...environment.monitoring.dashboardLabels },
        },
        data: { [`${service.name}.json`]: JSON.stringify(dashboard(service, environment)) },
      },
      { parent: this },
    );
    this.configMap = configMap.metadata.name;
    this.registerOutputs({ configMap: this.configMap });
  }
}
