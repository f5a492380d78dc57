import * as pulumi from "@pulumi/pulumi";
import { BrokenService, type Declared, nameOf } from "../domain/declaration/broken.ts";
import { type Service, serviceSchema } from "../domain/declaration/service.ts";
import { deployable } from "../domain/deployable.ts";
import { stackEnvironment } from "../domain/environment/environment.ts";
import { type Posture, posture } from "../domain/posture.ts";
import { DeclarationError } from "../domain/values/fault.ts";
import { AlertRoutes } from "./alerting/alertRoutes.ts";
import { PlatformAlerts } from "./alerting/platformAlerts.ts";
import { type Passed, passed } from "./passing.ts";
import { environmentProviders, replicaProvider } from "./providers.ts";
import { refuseConflicts } from "./scaling/refuseConflicts.ts";
import { MaintainedService } from "./service.ts";

export interface DeployArgs {
  /** All services of the repository. The stack's `upkeep:services` and `upkeep:retired` select those to deploy. */
  services: readonly Declared[] | Promise<readonly Declared[]>;
}

/**
 * Deploys the services that the stack enables, into the cluster and account of its `upkeep:` settings. A whole program is:
 *
 *     export const posture = deploy({ services: [shop] });
 *
 * @returns the posture, to be exported as a stack output
 * @throws DeclarationError when a service cannot be deployed, before any resource is declared
 */
export async function deploy({ services }: DeployArgs): Promise<pulumi.Output<Posture>> {
  if (stripsTypes) Reflect.deleteProperty(Error, "prepareStackTrace");
  const environment = stackEnvironment(pulumi.getStack(), configuration());
  const passing = (await services).map(withoutOutputs);
  const { maintained, retired } = deployable(
    environment,
    passing.map(({ plain }) => plain),
  );
  await refuseConflicts(environment, maintained);
  const providers = environmentProviders(environment);
  const replica = replicaProvider(environment);
  const shared = { environment, ...(replica && { replicaProvider: replica }) };
  const optionsOf = ({ name }: Service) =>
    passing.find(({ plain }) => plain.name === name)?.options({ providers }) ?? { providers };
  // All validation is done. Register services one per tick, so that the engine works on one while the next is built.
  for (const service of maintained) {
    await onNextTurn(() => new MaintainedService(service.name, { ...shared, service }, optionsOf(service)));
  }
  for (const service of retired) {
    await onNextTurn(
      () => new MaintainedService(service.name, { ...shared, service, retired: true }, optionsOf(service)),
    );
  }
  await onNextTurn(() => new AlertRoutes("alert-routes", { environment, services: maintained }, { providers }));
  await onNextTurn(() => new PlatformAlerts("platform-alerts", { environment, services: maintained }, { providers }));
  const promised: pulumi.Output<Posture> = pulumi.output(posture(environment, maintained));
  return passing.reduce<pulumi.Output<Posture>>((all, { fill }) => fill(all), promised);
}

/** A declaration with its Outputs replaced for validation; one with an Output where a plain value is required is broken. */
function withoutOutputs(declared: Declared): Passed<Declared> {
  const alone = (plain: Declared): Passed<Declared> => ({
    plain,
    options: (own = {}) => own,
    fill: (derived) => derived,
  });
  if (declared instanceof BrokenService) return alone(declared);
  const name = nameOf(declared, "without a name");
  try {
    return passed<Service>(`service "${name}"`, serviceSchema, declared);
  } catch (error) {
    if (error instanceof DeclarationError) return alone(new BrokenService(name, error.faults));
    throw error;
  }
}

/**
 * Whether Node itself strips the program's types, which leaves every line where it was: there is nothing to map. Pulumi's host maps each
 * frame of each stack through source maps, and the SDK takes the whole stack of every resource: a fifth of a preview. Pulumi's ts-node
 * moves lines, so its frames are mapped.
 */
const stripsTypes = Boolean(process.features.typescript) && process.env.PULUMI_NODEJS_TYPESCRIPT !== "true";

/**
 * Declares something on its own turn of the event loop, called by the loop itself and not after an `await`: the state keeps the stack
 * trace of every resource, which would otherwise sometimes include earlier code.
 */
function onNextTurn(declare: () => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(declare());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** The stack's settings. */
function configuration(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(pulumi.runtime.allConfig()).map(([key, value]) => [key, structured(value)]));
}

/** Pulumi passes structured settings as JSON, and plain ones as they are. */
function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
