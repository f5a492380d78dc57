import * as pulumi from "@pulumi/pulumi";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { conflicts, type Existing, unanswered } from "../../domain/scaling/conflicts.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { clusterFacts, clusterOf, NotAnswered } from "./cluster.ts";

/**
 * Asks the cluster, before anything is registered, whether it has what the services declare and whether anything there conflicts with
 * what they will get. A preview without an answer says so and continues; an update fails.
 *
 * @param services as they are in the environment
 * @throws DeclarationError with all conflicts of all services
 */
export async function refuseConflicts(environment: Environment, services: Service[]): Promise<void> {
  const asked = services.filter(({ workloads }) => workloads.length > 0);
  if (asked.length === 0) return;
  let answers: Existing[];
  try {
    const cluster = await clusterOf(environment);
    answers = await Promise.all(asked.map((service) => clusterFacts(cluster, service)));
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error;
    await missing(environment, error.message);
    return;
  }
  refuseFaults(
    `environment "${environment.name}"`,
    asked.flatMap((service, index) => conflicts(service, answers[index] as Existing)),
  );
}

async function missing({ name, kubernetes: { context } }: Environment, reason: string): Promise<void> {
  if (pulumi.runtime.isDryRun()) {
    await pulumi.log.info(
      `the cluster was not asked: ${reason}. Whether it has each declared workload, and nothing else scales or protects its pods, is checked by the next up`,
    );
    return;
  }
  refuseFaults(`environment "${name}"`, [unanswered(context, reason)]);
}
