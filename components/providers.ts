import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { replicaPlace } from "../domain/bucket/bucket.ts";
import type { Environment } from "../domain/environment/environment.ts";

/** The providers of the environment's cluster and account. */
export function environmentProviders(environment: Environment): pulumi.ProviderResource[] {
  const { context, kubeconfig } = environment.kubernetes;
  const { account, region, profile, configFiles, credentialsFiles, pathStyle, tags } = environment.aws;
  return [
    new kubernetes.Provider("cluster", {
      context,
      // Without a value the SDK takes KUBECONFIG, whose path then lies in the state, is a change on another machine, and may not be a list.
      // Empty, the provider itself looks where kubectl does, each time.
      kubeconfig: kubeconfig ?? "",
      // Else a change deletes the object first: for a moment Alertmanager would have no routes, and Prometheus no rules.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
      // What is declared wins, also in a preview: else one fails where somebody used kubectl on an object, although `up` takes such fields over.
      enablePatchForce: true,
    }),
    new aws.Provider("account", {
      region,
      allowedAccountIds: [account],
      s3UsePathStyle: pathStyle,
      ...(tags && { defaultTags: { tags } }),
      ...(profile && { profile }),
      ...(configFiles && { sharedConfigFiles: configFiles }),
      ...(credentialsFiles && { sharedCredentialsFiles: credentialsFiles }),
    }),
  ];
}

/** The provider of the account that holds the second copy of the backups, if that is another account. */
export function replicaProvider(environment: Environment): aws.Provider | undefined {
  const { aws: own, backups } = environment;
  const place = replicaPlace(environment);
  if (place === undefined || place.account === own.account) return undefined;
  const profile = backups.replica?.profile;
  return new aws.Provider("replica-account", {
    region: place.region,
    allowedAccountIds: [place.account],
    ...(own.tags && { defaultTags: { tags: own.tags } }),
    ...(profile && { profile }),
    ...(own.configFiles && { sharedConfigFiles: own.configFiles }),
    ...(own.credentialsFiles && { sharedCredentialsFiles: own.credentialsFiles }),
  });
}
