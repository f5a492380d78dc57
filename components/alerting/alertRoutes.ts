import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { shapeFaults } from "../../domain/declaration/parse.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { type ServiceRoutes, serviceRoutes } from "../../domain/routing/alertmanagerConfig.ts";
import { platform } from "../../domain/routing/platform.ts";
import { routeFaults } from "../../domain/routing/routeFaults.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";

export interface AlertRoutesArgs {
  environment: Environment;
  /** All services that the environment enables, with its overrides. */
  services: Service[];
}

/**
 * Routes of alerts to receivers. For Upkeep's own Alertmanager, its whole configuration: the Secret `alertmanager-upkeep`,
 * which prometheus-operator reads for an Alertmanager named `upkeep`, or for one whose `spec.configSecret` names it; its
 * `spec.secrets` names the receivers' Secrets. For a shared Alertmanager, an AlertmanagerConfig for each namespace of a service's alerts.
 */
export class AlertRoutes extends pulumi.ComponentResource {
  /** @throws DeclarationError when an alert would reach no receiver, before any child exists */
  constructor(name: string, args: AlertRoutesArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, services } = args;
    const subject = `the alert routes of environment "${environment.name}"`;
    refuseFaults(
      subject,
      services.flatMap((service) =>
        shapeFaults(service).map((fault) => ({ ...fault, path: `${service.name}.${fault.path}` })),
      ),
    );
    refuseFaults(subject, routeFaults(environment, services));
    super(
      "upkeep:alerting:AlertRoutes",
      name,
      { ...inputs(args), services: args.services.map((service) => service.name) },
      options,
    );
    const routes: { [O in Environment["alerting"]["owner"]]: () => void } = {
      upkeep: () => this.configuration(name, args),
      shared: () => {
        for (const routes of serviceRoutes(environment, [...services, platform(environment)]))
          this.serviceRoutes(name, environment, routes);
      },
    };
    routes[environment.alerting.owner]();
    this.registerOutputs();
  }

  private configuration(name: string, { environment, services }: AlertRoutesArgs): void {
    new kubernetes.core.v1.Secret(
      `${name}-configuration`,
      {
        metadata: {
          name: "alertmanager-upkeep",
          namespace: environment.alerting.namespace,
          labels: { "app.kubernetes.io/managed-by": "upkeep" },
        },
        type: "Opaque",
        stringData: { "alertmanager.yaml": stringify(alertmanagerConfiguration(environment, services)) },
      },
      { parent: this },
    );
  }

  private serviceRoutes(
    name: string,
    { monitoring }: Environment,
    { service, name: object, namespace, spec }: ServiceRoutes,
  ): void {
    const elsewhere = namespace === service.namespace ? "" : `-${namespace}`;
    new kubernetes.apiextensions.CustomResource(
      `${name}-${service.name}${elsewhere}`,
      {
        apiVersion: "monitoring.coreos.com/v1alpha1",
        kind: "AlertmanagerConfig",
        metadata: {
          name: object,
          namespace,
          labels: { ...monitoring.alertmanagerConfigLabels, ...labels(service.name) },
        },
        spec,
      },
      { parent: this },
    );
  }
}
