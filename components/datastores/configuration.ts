import * as pulumi from "@pulumi/pulumi";
import { exportedKinds, groupOf } from "../../domain/declaration/configurationKinds.ts";
import type { Configuration } from "../../domain/declaration/datastore.ts";
import { namespaceOf } from "../../domain/declaration/datastoreOf.ts";
import { egressToNetworks } from "../../domain/kubernetes/egress.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import type { Size } from "../../domain/values/size.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import { type BackupArgs, publishedBackup } from "../backup/publishedBackup.ts";
import { inputs } from "../inputs.ts";
import { API_AUTHORITY, type Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";

export type ConfigBackupArgs = BackupArgs<Configuration>;

/** Scratch space for the configuration of one namespace. */
export const EXPORT_SCRATCH: Size = "256Mi";

/**
 * Exports the objects that configure a service on schedule, through the Kubernetes API, reads the export back, and publishes it
 * in S3 with a manifest put last. It may list the declared kinds in its namespace and nothing else: a Secret only where a recipient
 * is declared, to whom it is encrypted before it is written. The account that deploys it must hold that right too: Kubernetes lets no one
 * grant a right that they lack.
 */
export class ConfigBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<ConfigBackupArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<ConfigBackupArgs>(given, own);
    super("upkeep:backup:ConfigBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, datastore, backup, bucket } = args;
    const job = publishedBackup(
      name,
      args,
      {
        step: exportStep(args),
        artefact: "/scratch/backup.jsonl",
        scratch: EXPORT_SCRATCH,
        egress: egressToNetworks(environment.kubernetes.apiEgress),
        permissions: exportedKinds(datastore).map(({ apiVersion, resource, names }) => ({
          apiGroups: [groupOf(apiVersion)],
          resources: [resource],
          ...(names ? { resourceNames: names, verbs: ["get"] } : { verbs: ["list"] }),
        })),
      },
      this,
    );
    this.cronJob = job.cronJob;
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix, cronJob: this.cronJob });
  }
}

function exportStep({ environment, service, datastore }: ConfigBackupArgs): Step {
  return {
    name: "export",
    image: images(environment.images.registry).node,
    program: program(datastore.secrets ? "configuration/export-secrets.ts" : "configuration/export.ts"),
    interpreter: "node",
    user: users.node,
    memory: "512Mi",
    apiToken: true,
    environment: [
      { name: "NAMESPACE", value: namespaceOf(service, datastore) },
      { name: "KINDS", value: JSON.stringify(exportedKinds(datastore)) },
      ...(datastore.secrets ? [{ name: "RECIPIENT", value: datastore.secrets.recipient }] : []),
      { name: "NODE_EXTRA_CA_CERTS", value: API_AUTHORITY },
    ],
  };
}
