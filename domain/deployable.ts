import { existingBucketFaults, partitionFaults, replicaFaults } from "./bucket/bucket.ts";
import { type BrokenService, type Declared, judged } from "./declaration/broken.ts";
import type { Service } from "./declaration/service.ts";
import {
  declarationFaults,
  maintainedAndRetiredFaults,
  sharedNameFaults,
  withoutServicesFaults,
} from "./declarationFaults.ts";
import { enabledServices } from "./environment/enabled.ts";
import type { Environment } from "./environment/environment.ts";
import { featureFaults } from "./environment/features.ts";
import { inEnvironment, rejectUnknownDifferences } from "./environment/inEnvironment.ts";
import { routeFaults } from "./routing/routeFaults.ts";
import { refuseFaults } from "./values/fault.ts";

/** What a stack deploys, with the environment's overrides. */
export interface Deployable {
  maintained: Service[];
  retired: Service[];
}

/**
 * The services that a stack deploys.
 *
 * @param declared all services of the program. A broken one stops only a stack that enables it
 * @throws DeclarationError for everything that `up` refuses without asking the cluster, before anything exists
 */
export function deployable(environment: Environment, declared: readonly Declared[]): Deployable {
  const { services, broken } = judged(declared);
  refuseBroken(environment, broken);
  rejectUnknownDifferences(environment, services, broken);
  const named = (names: string[], setting: string) =>
    enabledServices(services, names, setting).map((service) => inEnvironment(service, environment));
  const maintained = named(environment.services, "upkeep:services");
  const retired = named(environment.retired, "upkeep:retired");
  refuseFaults(`environment "${environment.name}"`, [
    ...withoutServicesFaults(environment),
    ...maintainedAndRetiredFaults(environment),
    ...featureFaults(environment),
    ...replicaFaults(environment),
    ...partitionFaults(environment),
    ...existingBucketFaults(environment, [...maintained, ...retired]),
    ...sharedNameFaults(maintained),
  ]);
  for (const service of maintained) refuseFaults(`service "${service.name}"`, declarationFaults(service, environment));
  refuseFaults(`environment "${environment.name}"`, routeFaults(environment, maintained));
  return { maintained, retired };
}

function refuseBroken({ services, retired }: Environment, broken: readonly BrokenService[]): void {
  const enabled = broken.filter(({ name }) => [...services, ...retired].includes(name));
  const [only, ...more] = enabled;
  if (only === undefined) return;
  if (more.length === 0) refuseFaults(`service "${only.name}"`, only.faults);
  refuseFaults(
    `services ${enabled.map(({ name }) => `"${name}"`).join(", ")}`,
    enabled.flatMap(({ name, faults }) => faults.map((fault) => ({ ...fault, path: `${name}: ${fault.path}` }))),
  );
}
