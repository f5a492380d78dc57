import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { restoreJob } from "../../domain/backup/drill.ts";
import { egressToS3 } from "../../domain/bucket/identities.ts";
import { exportedKinds, groupOf } from "../../domain/declaration/configurationKinds.ts";
import type { Configuration } from "../../domain/declaration/datastore.ts";
import { namespaceOf } from "../../domain/declaration/datastoreOf.ts";
import { egressToNetworks } from "../../domain/kubernetes/egress.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import { declaredPods } from "../backup/declaredPods.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import type { BackupArgs } from "../backup/publishedBackup.ts";
import { restorerAnnotations, restorerStep } from "../backup/restorer.ts";
import { inputs } from "../inputs.ts";
import { API_AUTHORITY, type Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import { RunbookJob } from "../jobs/runbookJob.ts";
import { labels } from "../labels.ts";
import { EXPORT_SCRATCH } from "./configuration.ts";

export type ConfigRestoreArgs = BackupArgs<Configuration>;

/**
 * The job that a person starts to restore a backup of configuration. The API server first compares it with what exists; once confirmed,
 * the job applies it object by object. It may read, create and patch the declared kinds in its namespace and in the one declared for
 * recovery, and delete nothing.
 */
export class ConfigRestore extends pulumi.ComponentResource {
  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<ConfigRestoreArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<ConfigRestoreArgs>(given, own);
    super("upkeep:backup:ConfigRestore", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, service, datastore, backup } = args;
    const parent = { parent: this };
    const namespace = namespaceOf(service, datastore);
    const job = restoreJob(backup);
    const permissions = rules(datastore);
    new RunbookJob(
      name,
      {
        ...{ environment, namespace, job, permissions },
        service: service.name,
        datastore: datastore.name,
        purpose: `compares a backup of ${datastore.name} with the cluster and, confirmed, applies it: the newest good one, or that before BEFORE=<time>, or BACKUP=<name>; DRY_RUN=1 compares only`,
        parameters: { CONFIRM: namespace },
        ...restorerAnnotations(name, job, args, this),
        deadline: backup.deadline,
        steps: [restorerStep("fetch", args), restoreStep(args, namespace)],
        scratch: EXPORT_SCRATCH,
        ...declaredPods(args),
        egress: [...egressToNetworks(environment.kubernetes.apiEgress), ...egressToS3(environment)],
      },
      parent,
    );
    if (datastore.recoveryNamespace) {
      const metadata = { name: job, namespace: datastore.recoveryNamespace, labels: labels(service.name, { job }) };
      const role = new kubernetes.rbac.v1.Role(`${name}-recovery-role`, { metadata, rules: permissions }, parent);
      new kubernetes.rbac.v1.RoleBinding(
        `${name}-recovery-role-binding`,
        {
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
          subjects: [{ kind: "ServiceAccount", name: job, namespace }],
        },
        parent,
      );
    }
    this.registerOutputs();
  }
}

/** The right to create cannot be limited to names: Kubernetes authorizes a request before it knows the object's name. */
function rules(datastore: Configuration): kubernetes.types.input.rbac.v1.PolicyRule[] {
  return exportedKinds(datastore).flatMap(({ apiVersion, resource, names }) => {
    const rule = { apiGroups: [groupOf(apiVersion)], resources: [resource] };
    return names
      ? [
          { ...rule, resourceNames: names, verbs: ["get", "patch"] },
          { ...rule, verbs: ["create"] },
        ]
      : [{ ...rule, verbs: ["get", "create", "patch"] }];
  });
}

function restoreStep({ environment, datastore, backup }: ConfigRestoreArgs, namespace: string): Step {
  return {
    name: "restore",
    image: images(environment.images.registry).node,
    program: program(datastore.secrets ? "configuration/restore-secrets.ts" : "configuration/restore.ts"),
    interpreter: "node",
    user: users.node,
    memory: "512Mi",
    apiToken: true,
    environment: [
      { name: "NAMESPACE", value: namespace },
      { name: "KINDS", value: JSON.stringify(exportedKinds(datastore)) },
      { name: "NODE_EXTRA_CA_CERTS", value: API_AUTHORITY },
      ...(datastore.secrets ? [identity(`${backup.job}-identity`)] : []),
    ],
  };
}

/** Its Secret exists only during a restore: an identity kept beside the Secrets would protect none of them. */
function identity(name: string): kubernetes.types.input.core.v1.EnvVar {
  return { name: "IDENTITY", valueFrom: { secretKeyRef: { name, key: "identity", optional: true } } };
}
