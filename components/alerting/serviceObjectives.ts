import * as pulumi from "@pulumi/pulumi";
import { objectiveFaults } from "../../domain/alerting/objectiveFaults.ts";
import { objectiveRules } from "../../domain/alerting/objectives.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";
import { rules } from "./rules.ts";

export interface ServiceObjectivesArgs {
  environment: Environment;
  service: Service;
}

/** A service's error budget: the rules that count it, and the alerts that tell when it burns too fast or runs out. */
export class ServiceObjectives extends pulumi.ComponentResource {
  /** @throws DeclarationError when an objective cannot be measured or could never alert, before any child exists */
  constructor(name: string, args: ServiceObjectivesArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    refuseFaults(`the objectives of service "${service.name}"`, objectiveFaults(service, environment));
    super("upkeep:alerting:ServiceObjectives", name, inputs(args), options);
    const groups = objectiveRules(service, environment);
    if (groups.length > 0) {
      rules(
        `${name}-rules`,
        {
          environment,
          metadata: {
            name: `${service.name}-objectives`,
            namespace: service.namespace,
            labels: labels(service.name),
          },
          groups,
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
