import { z } from "zod";
import { integer, optional, text } from "../values/schema.ts";
import { affinitySchema } from "./affinity.ts";
import { labelName, labelValue, objectName, podLabels, size } from "./texts.ts";

/** The steps of all jobs, by the names of their containers. The row of each kind of datastore says which of its jobs has which. */
export const stepNames = [
  "dump",
  "verify",
  "export",
  "backup",
  "publish",
  "fetch",
  "drill",
  "record",
  "before-restore",
  "keep",
  "restore",
  "monitor",
  "test-alert",
] as const;

export type StepName = (typeof stepNames)[number];

/** Keys of a pod that Upkeep or Kubernetes's own controllers set, by which its objects, alerts and runs are found. */
const ownKeys =
  /^(upkeep\/.*|app\.kubernetes\.io\/(managed-by|part-of)|batch\.kubernetes\.io\/.*|job-name|controller-uid|cluster-autoscaler\.kubernetes\.io\/safe-to-evict|karpenter\.sh\/do-not-disrupt)$/;

/** Labels or annotations that are added to Upkeep's own. */
function added<T extends z.ZodType<Record<string, string>>>(record: T): T {
  return record.superRefine((keys, context) => {
    for (const key of Object.keys(keys).filter((one) => ownKeys.test(one))) {
      const refusal = {
        got: "a key that Upkeep or Kubernetes sets itself",
        allowed: "keys of your own",
        fix: "remove it",
      };
      context.addIssue({ code: "custom", path: [key], params: { refusal } });
    }
  }) as T;
}

const tolerationSchema = z
  .strictObject({
    key: optional(labelName.meta({ examples: ["dedicated"] })).describe("Key of the taint. Default: every key."),
    operator: optional(z.enum(["Equal", "Exists"])).describe("Default: `Equal`."),
    value: optional(labelValue.meta({ examples: ["database"] })).describe("Value of the taint."),
    effect: optional(z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])).describe(
      "Effect of the taint. Default: every effect.",
    ),
    tolerationSeconds: optional(integer("a whole number of seconds, 0 or more", 300, 0)).describe(
      "How long a pod stays after a taint with `NoExecute` appeared. Default: for ever.",
    ),
  })
  // Source: ValidateTolerations of k8s.io/kubernetes/pkg/apis/core/validation.
  .superRefine(({ key, operator = "Equal", value, effect, tolerationSeconds }, context) => {
    const refuse = (path: string, got: string, allowed: string, fix: string) =>
      context.addIssue({ code: "custom", path: [path], params: { refusal: { got, allowed, fix } } });
    if (key === undefined && operator === "Equal") {
      refuse("operator", "Equal without a key", "Exists without a key", 'write operator: "Exists", or a key');
    }
    if (value !== undefined && operator === "Exists") {
      refuse("value", `"${value}" with Exists`, "no value with Exists", 'remove it, or write operator: "Equal"');
    }
    if (tolerationSeconds !== undefined && effect !== "NoExecute") {
      refuse(
        "tolerationSeconds",
        `${tolerationSeconds}`,
        "only with NoExecute",
        'remove it, or write effect: "NoExecute"',
      );
    }
  });

const cpu = text("an amount of CPU above 0, such as 500m or 2", "500m", /^(?!0+(\.0+)?m?$)(\d+m|\d+(\.\d{1,3})?)$/);

/** What can be declared about the pods of jobs, under the names of Kubernetes. */
export const jobPodsSchema = z.strictObject({
  tolerations: optional(
    z
      .array(tolerationSchema)
      .meta({ examples: [[{ key: "dedicated", operator: "Equal", value: "database", effect: "NoSchedule" }]] }),
  ).describe("Taints of nodes on which they may run."),
  nodeSelector: optional(
    podLabels.meta({ allowed: "labels of nodes", examples: [{ "kubernetes.io/arch": "amd64" }] }),
  ).describe("Labels of the nodes on which they run."),
  affinity: optional(affinitySchema).describe(
    "Where they run, in Kubernetes's own form: docs/declaration.md lists its fields. A backup that must run on the node of a volume's owner keeps that condition too.",
  ),
  priorityClassName: optional(objectName("a PriorityClass", "maintenance")).describe("Their PriorityClass."),
  runtimeClassName: optional(objectName("a RuntimeClass", "gvisor")).describe("Their RuntimeClass."),
  imagePullSecrets: optional(
    z
      .array(
        z.strictObject({
          name: objectName("a Secret of type kubernetes.io/dockerconfigjson", "registry-login").describe(
            "The Secret, in each namespace that jobs run in.",
          ),
        }),
      )
      .meta({ examples: [[{ name: "registry-login" }]] }),
  ).describe("Secrets with the logins of registries."),
  labels: optional(
    added(
      podLabels.meta({
        allowed: "labels that Upkeep does not set",
        examples: [{ "sidecar.istio.io/inject": "false" }],
      }),
    ),
  ).describe("Labels of the pods, besides Upkeep's own. The selector of no Service should match them."),
  annotations: optional(
    added(
      z
        .record(labelName, text("a text", "disabled", /^/))
        .meta({ allowed: "annotations that Upkeep does not set", examples: [{ "linkerd.io/inject": "disabled" }] }),
    ),
  ).describe("Annotations of the pods, besides Upkeep's own."),
  users: optional(z.enum(["image", "none"]))
    .describe(
      "Whose numeric user each container gets: its image's, or, with `none`, the one that the cluster assigns, as OpenShift does from the namespace's range. A declared user remains: a volume's `uid` and `gid`, a datastore's `runAsUser`.",
    )
    .meta({ defaults: "image" }),
  resources: optional(
    z.strictObject({
      requests: optional(z.strictObject({ cpu: cpu.describe("CPU.") }))
        .describe("What each container requests.")
        .meta({ defaults: '{ cpu: "100m" }' }),
      limits: optional(z.strictObject({ cpu: cpu.describe("CPU.") })).describe(
        "What each container may use at the most. Without it CPU is not limited: a limit only lengthens a run, but a ResourceQuota may require one.",
      ),
    }),
  ).describe("CPU of each container. Memory has its own setting."),
  memory: optional(
    z
      .partialRecord(z.enum(stepNames), size)
      .meta({ allowed: `sizes by step: ${stepNames.join(", ")}`, examples: [{ dump: "1Gi" }] }),
  )
    .describe("What a step requests and may use: a dump of very many tables or large rows needs more.")
    .meta({ defaults: "what each step needs: 128Mi to 1Gi, and for a drill of Redis half more than its size" }),
});

/** What is declared about the pods of jobs. */
export interface JobPods extends z.output<typeof jobPodsSchema> {}

/**
 * Several declarations as one, the later ones overriding the earlier: maps key by key, lists and texts as a whole, as Helm merges its
 * values.
 */
export function mergedPods(...declared: readonly (JobPods | undefined)[]): JobPods {
  return declared.reduce<JobPods>((before, one) => (one ? overridden(before, one) : before), {});
}

function overridden(before: JobPods, one: JobPods): JobPods {
  const { nodeSelector, labels, annotations, resources, memory } = one;
  return {
    ...before,
    ...one,
    ...(nodeSelector && { nodeSelector: { ...before.nodeSelector, ...nodeSelector } }),
    ...(labels && { labels: { ...before.labels, ...labels } }),
    ...(annotations && { annotations: { ...before.annotations, ...annotations } }),
    ...(resources && { resources: { ...before.resources, ...resources } }),
    ...(memory && { memory: { ...before.memory, ...memory } }),
  };
}
