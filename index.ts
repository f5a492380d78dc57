import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AlertRoutes } from "./components/alerting/alertRoutes.ts";
import { refuseConflicts } from "./components/scaling/refuseConflicts.ts";
import { MaintainedService } from "./components/service.ts";
import { replicaFaults, replicaPlace } from "./domain/bucket/bucket.ts";
import type { Service } from "./domain/declaration/service.ts";
import { bothFaults, declarationFaults, sharedNameFaults } from "./domain/declarationFaults.ts";
import { type Environment, parseEnvironment, upkeepSettings } from "./domain/environment/environment.ts";
import { featureFaults } from "./domain/environment/features.ts";
import { placed, refuseStrayDifferences } from "./domain/environment/placed.ts";
import { posture } from "./domain/posture.ts";
import { routeFaults } from "./domain/routing/routeFaults.ts";
import { DeclarationError, refuseFaults } from "./domain/values/fault.ts";
import { declaredServices, enabledServices } from "./services/index.ts";

// Pulumi's host maps each frame of each stack through source maps, and the SDK takes the whole stack of every resource: a fifth of
// a preview. Types that Node strips leave every line where it was, so that there is nothing to map.
Reflect.deleteProperty(Error, "prepareStackTrace");

/** Declares every service that the environment enables. */
export default async function program(): Promise<Record<string, unknown>> {
  try {
    const environment = parseEnvironment(pulumi.getStack(), configuration());
    const declared = await declaredServices();
    refuseStrayDifferences(environment, declared);
    const named = (names: string[], setting: string) =>
      enabledServices(declared, names, setting).map((service) => placed(service, environment));
    const maintained = named(environment.services, "upkeep:services");
    const retired = named(environment.retired, "upkeep:retired");
    refuseFaults(`environment "${environment.name}"`, bothFaults(environment));
    refuseDeclarations(environment, maintained);
    await refuseConflicts(environment, maintained);
    const providers = explicitProviders(environment);
    const shared = { environment, ...replicaProvider(environment) };
    // Whatever is refused has been: the engine may begin, on another core, while the next service is put together.
    for (const service of maintained) {
      await inItsTurn(() => new MaintainedService(service.name, { ...shared, service }, { providers }));
    }
    for (const service of retired) {
      await inItsTurn(() => new MaintainedService(service.name, { ...shared, service, retired: true }, { providers }));
    }
    await inItsTurn(() => new AlertRoutes("alert-routes", { environment, services: maintained }, { providers }));
    return { posture: posture(environment, maintained) };
  } catch (error) {
    // Only the message: it says all that a person needs.
    if (error instanceof DeclarationError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/**
 * Declares something once what waits has run. Straight from the event loop, and not after an `await` of it: the state keeps the stack of
 * every resource, and what had run before would be in it, now and then.
 */
function inItsTurn(declare: () => unknown): Promise<unknown> {
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

/** @throws DeclarationError for what cannot be deployed, in all services, before anything of any exists */
function refuseDeclarations(environment: Environment, services: Service[]): void {
  refuseFaults(`environment "${environment.name}"`, [
    ...featureFaults(environment),
    ...replicaFaults(environment),
    ...sharedNameFaults(services),
  ]);
  for (const service of services) refuseFaults(`service "${service.name}"`, declarationFaults(service, environment));
  refuseFaults(`environment "${environment.name}"`, routeFaults(environment, services));
}

/** The stack's `upkeep:` settings. */
function configuration(): Record<string, unknown> {
  const config = Object.entries(pulumi.runtime.allConfig()).map(([key, value]) => [key, structured(value)]);
  return upkeepSettings(Object.fromEntries(config));
}

/** Pulumi hands structured settings over as JSON, and plain ones as they are. */
function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function explicitProviders(environment: Environment): pulumi.ProviderResource[] {
  const { context, kubeconfig } = environment.kubernetes;
  const { account, region, profile, configFiles, credentialsFiles, pathStyle } = environment.aws;
  return [
    new kubernetes.Provider("cluster", {
      context,
      ...(kubeconfig && { kubeconfig }),
      // Else a change deletes the object first: for a moment Alertmanager would have no routes, and Prometheus no rules.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
    }),
    new aws.Provider("account", {
      region,
      allowedAccountIds: [account],
      s3UsePathStyle: pathStyle,
      ...(profile && { profile }),
      ...(configFiles && { sharedConfigFiles: configFiles }),
      ...(credentialsFiles && { sharedCredentialsFiles: credentialsFiles }),
    }),
  ];
}

/** The provider of the account that the second copy of the backups is in, where that is another one. */
function replicaProvider(environment: Environment): { replicaProvider?: aws.Provider } {
  const { aws: own, backups } = environment;
  const place = replicaPlace(environment);
  if (place === undefined || place.account === own.account) return {};
  const profile = backups.replica?.profile;
  return {
    replicaProvider: new aws.Provider("replica-account", {
      region: place.region,
      allowedAccountIds: [place.account],
      ...(profile && { profile }),
      ...(own.configFiles && { sharedConfigFiles: own.configFiles }),
      ...(own.credentialsFiles && { sharedCredentialsFiles: own.credentialsFiles }),
    }),
  };
}
