import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { faultsOf, fieldFaults } from "../../domain/declaration/parse.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { type Workload, workloadSchema } from "../../domain/declaration/workload.ts";
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
 * How fast the autoscaler acts. Each is set, because the API fills in missing ones inside lists that have one owner: adopting such
 * an object would then conflict with the filled-in values.
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
  // The default removes all surplus pods at once, so that returning load finds none of them. So: only after five quiet minutes,
  // then one pod or a tenth of them a minute, so that a problem shows before the next pod stops.
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
 * The autoscaler and the disruption budget of an existing workload, each if declared. The workload itself is never changed: the
 * autoscaler owns its number of pods, and its owner deploys the rest.
 */
export class AutoscaledWorkload extends pulumi.ComponentResource {
  /** Undefined where no bounds are declared. */
  readonly autoscaler: kubernetes.autoscaling.v2.HorizontalPodAutoscaler | undefined;
  /** Undefined where no budget is declared. */
  readonly disruptionBudget: kubernetes.policy.v1.PodDisruptionBudget | undefined;

  /** @throws DeclarationError when the declared numbers do not work together, before any child exists */
  constructor(name: string, args: AutoscaledWorkloadArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service, workload } = args;
    const subject = `workload "${workload.name}"`;
    refuseFaults(subject, [
      ...fieldFaults(service, "name", "namespace"),
      ...faultsOf(workloadSchema, workload, "workload"),
    ]);
    refuseFaults(subject, autoscaleFaults({ workloads: [workload] }, environment));
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
            // By default pods that are not ready cannot be evicted: a service that is down would block the drain of its nodes.
            unhealthyPodEvictionPolicy: "AlwaysAllow",
          },
        },
        parent,
      );
    }
    this.registerOutputs();
  }
}
