import * as pulumi from "@pulumi/pulumi";
import { objectiveFaults } from "../../domain/alerting/objectiveFaults.ts";
import type { MeasuredService } from "../../domain/alerting/objectives.ts";
import { objectiveRules } from "../../domain/alerting/objectives.ts";
import { fieldFaults } from "../../domain/declaration/parse.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import type { RuleEnvironment } from "../../domain/prometheus/rules.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";
import type { RulesEnvironment } from "./rules.ts";
import { rules } from "./rules.ts";

export interface ServiceObjectivesArgs {
  environment: RuleEnvironment & RulesEnvironment & EnvironmentPart<"name" | "monitoring.retention">;
  service: MeasuredService;
}

/** A service's error budget: the rules that measure it, and the alerts that fire when it burns too fast or runs out. */
export class ServiceObjectives extends pulumi.ComponentResource {
  /** The object that holds the rules; undefined where no availability is declared. */
  readonly rules: pulumi.Resource | undefined;

  /** @throws DeclarationError when an objective cannot be measured or could never alert, before any child exists */
  constructor(name: string, args: ServiceObjectivesArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    const subject = `the objectives of service "${service.name}"`;
    refuseFaults(subject, fieldFaults(service, "name", "namespace", "indicators", "endpoints", "objectives"));
    refuseFaults(subject, objectiveFaults(service, environment));
    super("upkeep:alerting:ServiceObjectives", name, inputs(args), options);
    const groups = objectiveRules(service, environment);
    if (groups.length > 0) {
      this.rules = rules(
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
