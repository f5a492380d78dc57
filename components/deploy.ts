import * as pulumi from "@pulumi/pulumi";
import type { Declared } from "../domain/declaration/broken.ts";
import { deployable } from "../domain/deployable.ts";
import { stackEnvironment } from "../domain/environment/environment.ts";
import { type Posture, posture } from "../domain/posture.ts";
import { AlertRoutes } from "./alerting/alertRoutes.ts";
import { environmentProviders, replicaProvider } from "./providers.ts";
import { refuseConflicts } from "./scaling/refuseConflicts.ts";
import { MaintainedService } from "./service.ts";

export interface DeployArgs {
  /** All services of the repository. The stack's `upkeep:services` and `upkeep:retired` name those that it deploys. */
  services: readonly Declared[] | Promise<readonly Declared[]>;
}

/**
 * Deploys the services that the stack enables, into the cluster and account that its `upkeep:` settings name. It is the whole program:
 *
 *     export const posture = deploy({ services: [shop] });
 *
 * @returns the posture, to be exported as a stack output
 * @throws DeclarationError for everything that cannot be deployed, before any resource is declared
 */
export async function deploy({ services }: DeployArgs): Promise<Posture> {
  if (stripsTypes) Reflect.deleteProperty(Error, "prepareStackTrace");
  const environment = stackEnvironment(pulumi.getStack(), configuration());
  const { maintained, retired } = deployable(environment, await services);
  await refuseConflicts(environment, maintained);
  const providers = environmentProviders(environment);
  const replica = replicaProvider(environment);
  const shared = { environment, ...(replica && { replicaProvider: replica }) };
  // All is validated: the engine registers one service, on another core, while the next is put together.
  for (const service of maintained) {
    await onNextTurn(() => new MaintainedService(service.name, { ...shared, service }, { providers }));
  }
  for (const service of retired) {
    await onNextTurn(() => new MaintainedService(service.name, { ...shared, service, retired: true }, { providers }));
  }
  await onNextTurn(() => new AlertRoutes("alert-routes", { environment, services: maintained }, { providers }));
  return posture(environment, maintained);
}

/**
 * Whether Node itself strips the program's types, which leaves every line where it was: there is nothing to map. Pulumi's host maps each
 * frame of each stack through source maps, and the SDK takes the whole stack of every resource: a fifth of a preview. Pulumi's ts-node
 * moves lines, so its frames are mapped.
 */
const stripsTypes = Boolean(process.features.typescript) && process.env.PULUMI_NODEJS_TYPESCRIPT !== "true";

/**
 * Declares something on a turn of the event loop of its own. Straight from the loop, and not after an `await` of it: the state keeps the
 * stack of every resource, and what had run before would be in it, now and then.
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

/** Pulumi hands structured settings over as JSON, and plain ones as they are. */
function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
