import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Service } from "../../domain/declaration/service.ts";
import type { Workload } from "../../domain/declaration/workload.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { autoscaleFaults, utilization } from "../../domain/scaling/autoscale.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";

export interface AutoscaledWorkloadArgs {
  environment: EnvironmentPart<"name" | "features.metricsServer">;
  service: Pick<Service, "name" | "namespace">;
  workload: Workload;
}

/**
 * How fast the autoscaler acts. The API fills in each of these where it is left out, inside lists that have one owner; left out
 * here, taking the object over would conflict with what was filled in.
 */
const behavior: kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior = {
  // Load does not wait: at most every 15 seconds twice the pods or four more, as the API does by default.
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ],
  },
  // The default stops every pod above the need at once, and a load that comes back finds none of them. So: only after five quiet
  // minutes, and then each minute one pod or a tenth of them, so that what a pod took with it shows before the next one goes.
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 1, periodSeconds: 60 },
      { type: "Percent", value: 10, periodSeconds: 60 },
    ],
  },
};

/**
 * The autoscaler and the disruption budget of a workload that exists, each where it is declared. The workload itself is never
 * touched: its number of pods belongs to the autoscaler, all else to whoever deploys it.
 */
export class AutoscaledWorkload extends pulumi.ComponentResource {
  /** Undefined where no bounds are declared. */
  readonly autoscaler: kubernetes.autoscaling.v2.HorizontalPodAutoscaler | undefined;
  /** Undefined where no budget is declared. */
  readonly disruptionBudget: kubernetes.policy.v1.PodDisruptionBudget | undefined;

  /** @throws DeclarationError when the declared numbers do not work together, before any child exists */
  constructor(name: string, args: AutoscaledWorkloadArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service, workload } = args;
    refuseFaults(`workload "${workload.name}"`, autoscaleFaults({ workloads: [workload] }, environment));
    super("upkeep:scaling:AutoscaledWorkload", name, inputs(args), options);
    const parent = { parent: this };
    const metadata = { name: workload.name, namespace: service.namespace, labels: labels(service.name) };
    const { autoscale, maxUnavailable, pods } = workload;

    if (autoscale) {
      this.autoscaler = new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        {
          metadata,
          spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: workload.kind, name: workload.name },
            minReplicas: autoscale.min.value,
            maxReplicas: autoscale.max.value,
            metrics: [
              {
                type: "Resource",
                resource: {
                  name: "cpu",
                  target: { type: "Utilization", averageUtilization: utilization(autoscale) },
                },
              },
            ],
            behavior,
          },
        },
        parent,
      );
    }

    if (maxUnavailable && pods) {
      this.disruptionBudget = new kubernetes.policy.v1.PodDisruptionBudget(
        `${name}-budget`,
        {
          metadata,
          spec: {
            maxUnavailable: maxUnavailable.value,
            selector: { matchLabels: pods },
            // By default pods that are not ready count, but may not go: a service that is down would keep its nodes from being drained.
            unhealthyPodEvictionPolicy: "AlwaysAllow",
          },
        },
        parent,
      );
    }
    this.registerOutputs();
  }
}
