import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuseConflicts } from "./components/scaling/refuseConflicts.ts";
import { MaintainedService } from "./components/service.ts";
import { type Environment, parseEnvironment } from "./domain/environment.ts";
import { DeclarationError } from "./domain/fault.ts";
import { placed, refuseStrayDifferences } from "./domain/placed.ts";
import { posture } from "./domain/posture.ts";
import { declaredServices, enabledServices } from "./services/index.ts";

/** Declares every service that the environment enables. */
export default async function program(): Promise<Record<string, unknown>> {
  try {
    const environment = parseEnvironment(pulumi.getStack(), configuration());
    const declared = await declaredServices();
    refuseStrayDifferences(environment, declared);
    const maintained = enabledServices(declared, environment.services).map((service) => placed(service, environment));
    await refuseConflicts(environment, maintained);
    const providers = explicitProviders(environment);
    for (const service of maintained) new MaintainedService(service.name, { environment, service }, { providers });
    return { posture: posture(environment, maintained) };
  } catch (error) {
    // Only the message: it says all that a person needs.
    if (error instanceof DeclarationError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** The stack's `upkeep:` settings. */
function configuration(): Record<string, unknown> {
  const prefix = "upkeep:";
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), structured(value)]),
  );
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
    new kubernetes.Provider("cluster", { context, ...(kubeconfig && { kubeconfig }) }),
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
