import * as pulumi from "@pulumi/pulumi";
import type { Grafana } from "../../domain/declaration/datastore.ts";
import { egressToUrl } from "../../domain/kubernetes/egress.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import type { Size } from "../../domain/values/size.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import { type BackupArgs, publishedBackup } from "../backup/publishedBackup.ts";
import { inputs } from "../inputs.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";

export type GrafanaBackupArgs = BackupArgs<Grafana>;

/** Scratch space for a few thousand dashboards. */
const EXPORT_SCRATCH: Size = "256Mi";

/**
 * Exports on schedule what people made in a Grafana, through its HTTP API and with the token of a service account, reads the export
 * back, and publishes it in S3 with a manifest put last.
 */
export class GrafanaBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<GrafanaBackupArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<GrafanaBackupArgs>(given, own);
    super("upkeep:backup:GrafanaBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { datastore, backup, bucket } = args;
    const job = publishedBackup(
      name,
      args,
      {
        step: exportStep(args),
        artefact: "/scratch/backup.jsonl",
        scratch: EXPORT_SCRATCH,
        egress: egressToUrl(datastore.url, datastore.network),
      },
      this,
    );
    this.cronJob = job.cronJob;
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix, cronJob: this.cronJob });
  }
}

function exportStep({ environment, datastore: { url, token } }: GrafanaBackupArgs): Step {
  return {
    name: "export",
    image: images(environment.images.registry).node,
    program: program("grafana/export.ts"),
    interpreter: "node",
    user: users.node,
    memory: "256Mi",
    environment: [{ name: "GRAFANA_URL", value: url }, fromSecret("GRAFANA_TOKEN", token.secret, token.key)],
  };
}
