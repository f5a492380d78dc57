import * as pulumi from "@pulumi/pulumi";
import { faultsOf, fieldFaults } from "../../domain/declaration/parse.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { type MaintenanceWindow as Window, windowSchema } from "../../domain/declaration/window.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import type { RuleEnvironment } from "../../domain/prometheus/rules.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { windowAlert } from "../../domain/windows/windowAlert.ts";
import { windowFaultsIn } from "../../domain/windows/windowFaults.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";
import type { RulesEnvironment } from "./rules.ts";
import { rules } from "./rules.ts";

export interface MaintenanceWindowArgs {
  environment: RuleEnvironment & RulesEnvironment & EnvironmentPart<"alerting.owner">;
  /** The service with the environment's overrides. */
  service: Pick<Service, "name" | "namespace">;
  window: Window;
}

/**
 * The rule of a window: the alert MaintenanceWindow fires while it is open and inhibits the service's warnings and
 * infos. A window in a zone other than UTC has no such alert; only the mute times of AlertRoutes apply.
 */
export class MaintenanceWindow extends pulumi.ComponentResource {
  /** The object that holds its rule; undefined for a window that PromQL cannot express. */
  readonly rules: pulumi.Resource | undefined;

  /** @throws DeclarationError when the window cannot be kept in the environment, before any child exists */
  constructor(name: string, args: MaintenanceWindowArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service, window } = args;
    const subject = `maintenance window "${window.name}" of service "${service.name}"`;
    refuseFaults(subject, [...fieldFaults(service, "name", "namespace"), ...faultsOf(windowSchema, window, "window")]);
    refuseFaults(subject, windowFaultsIn(environment, window, "window"));
    super("upkeep:alerting:MaintenanceWindow", name, inputs(args), options);
    const alert = windowAlert(environment, service, window);
    const object = `${service.name}-${window.name}-window`;
    if (alert) {
      this.rules = rules(
        `${name}-alert`,
        {
          environment,
          metadata: { name: object, namespace: service.namespace, labels: labels(service.name) },
          groups: [{ name: object, rules: [alert] }],
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
