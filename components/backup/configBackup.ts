import * as pulumi from "@pulumi/pulumi";
import { configurationKinds } from "../../domain/configurationKinds.ts";
import type { Configuration } from "../../domain/datastore.ts";
import { egressToNetworks } from "../../domain/egress.ts";
import { images, users } from "../../domain/images.ts";
import type { Size } from "../../domain/size.ts";
import { inputs } from "../inputs.ts";
import { API_AUTHORITY, type Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import { type BackupArgs, publishedBackup } from "./publishedBackup.ts";

export type ConfigBackupArgs = BackupArgs<Configuration>;

/** Room for the configuration of one namespace, and to hold one kind of it in memory. */
const ROOM: Size = "256Mi";

/**
 * Exports the objects that configure a service on schedule, through the Kubernetes API, reads the export back, and publishes it
 * in S3 with a manifest put last. It may list the declared kinds in its namespace and nothing else: never a Secret (D-MP-27).
 * Who deploys it must hold that right as well: Kubernetes lets nobody grant what they lack.
 */
export class ConfigBackup extends pulumi.ComponentResource {
  constructor(name: string, args: ConfigBackupArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:backup:ConfigBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, datastore, backup, bucket } = args;
    publishedBackup(
      name,
      args,
      {
        step: exportStep(args),
        artefact: "/scratch/backup.jsonl",
        scratch: ROOM,
        egress: egressToNetworks(environment.kubernetes.apiEgress),
        permissions: datastore.objects.map((kind) => {
          const { apiVersion, resource } = configurationKinds[kind];
          const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
          return { apiGroups: [group as string], resources: [resource], verbs: ["list"] };
        }),
      },
      this,
    );
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix });
  }
}

function exportStep({ environment, service, datastore }: ConfigBackupArgs): Step {
  const kinds = datastore.objects.map((kind) => ({ kind, ...configurationKinds[kind] }));
  return {
    name: "export",
    image: images(environment.images.registry).node,
    program: program("configuration/export.ts"),
    interpreter: "node",
    user: users.node,
    memory: "512Mi",
    apiToken: true,
    environment: [
      { name: "NAMESPACE", value: datastore.namespace ?? service.namespace },
      { name: "KINDS", value: JSON.stringify(kinds) },
      { name: "NODE_EXTRA_CA_CERTS", value: API_AUTHORITY },
    ],
  };
}
