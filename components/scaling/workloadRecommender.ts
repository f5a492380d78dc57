import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { faultsOf, fieldFaults } from "../../domain/declaration/parse.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { type Workload, workloadSchema } from "../../domain/declaration/workload.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { inputs } from "../inputs.ts";
import { labels } from "../labels.ts";

export interface WorkloadRecommenderArgs {
  environment: EnvironmentPart<"name">;
  service: Pick<Service, "name" | "namespace">;
  workload: Workload;
}

/**
 * A VerticalPodAutoscaler that recommends requests for each container of an existing workload, and never changes a pod: its mode is `Off`, so
 * it may stand beside an autoscaler, and beside one of the workload's owner, which is older and so decides.
 */
export class WorkloadRecommender extends pulumi.ComponentResource {
  /** @throws DeclarationError when the workload is not of its form, before any child exists */
  constructor(name: string, args: WorkloadRecommenderArgs, options?: pulumi.ComponentResourceOptions) {
    const { service, workload } = args;
    refuseFaults(`workload "${workload.name}"`, [
      ...fieldFaults(service, "name", "namespace"),
      ...faultsOf(workloadSchema, workload, "workload"),
    ]);
    super("upkeep:scaling:WorkloadRecommender", name, inputs(args), options);
    new kubernetes.apiextensions.CustomResource(
      `${name}-vpa`,
      {
        apiVersion: "autoscaling.k8s.io/v1",
        kind: "VerticalPodAutoscaler",
        metadata: {
          name: workload.name,
          namespace: service.namespace,
          labels: labels(service.name),
        },
        spec: {
          targetRef: { apiVersion: "apps/v1", kind: workload.kind, name: workload.name },
          updatePolicy: { updateMode: "Off" },
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
