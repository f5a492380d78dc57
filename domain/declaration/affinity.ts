import { z } from "zod";
import { integer, optional, saying, text } from "../values/schema.ts";
import { labelName, namespace, podLabels } from "./texts.ts";

/**
 * Where pods may run, field by field as in Kubernetes (Affinity of core/v1), so that a misspelt field is refused: the API server drops
 * it from a manifest. Source: kubernetes.io/docs/reference/kubernetes-api, PodSpec.affinity.
 */

/** Operators, each with how many values it takes. */
const labelOperators = { In: [1, Infinity], NotIn: [1, Infinity], Exists: [0, 0], DoesNotExist: [0, 0] } as const;
const nodeOperators = { ...labelOperators, Gt: [1, 1], Lt: [1, 1] } as const;

function requirements(operators: Record<string, readonly [number, number]>) {
  const requirement = z
    .strictObject({
      key: labelName.describe("The label."),
      operator: z.enum(Object.keys(operators)).describe("How its value is compared."),
      values: optional(z.array(text("a text", "database", /^/))).describe("The values that it is compared with."),
    })
    .superRefine(({ operator, values = [] }, context) => {
      const [least, most] = operators[operator] ?? [0, Infinity];
      if (values.length >= least && values.length <= most) return;
      const allowed =
        most === 0
          ? `no values with ${operator}`
          : `${most === 1 ? "one value" : "one value or more"} with ${operator}`;
      const refusal = {
        got: `a list of ${values.length}`,
        allowed,
        fix: most === 0 ? "remove it" : "write the values",
      };
      context.addIssue({ code: "custom", path: ["values"], params: { refusal } });
    });
  return z.array(requirement).meta({ examples: [[{ key: "dedicated", operator: "In", values: ["database"] }]] });
}

const labelSelector = z.strictObject({
  matchLabels: optional(podLabels).describe("Labels that they have."),
  matchExpressions: optional(requirements(labelOperators)).describe("Conditions that they meet."),
});

const podTerm = z.strictObject({
  topologyKey: labelName
    .meta({ examples: ["topology.kubernetes.io/zone"] })
    .describe("Label of nodes whose equal value means the same place."),
  labelSelector: optional(labelSelector).describe("The other pods."),
  namespaces: optional(z.array(namespace)).describe("Their namespaces. Default: the pod's own."),
  namespaceSelector: optional(labelSelector).describe("Labels of their namespaces."),
  matchLabelKeys: optional(z.array(labelName)).describe("Labels whose values are the pod's own."),
  mismatchLabelKeys: optional(z.array(labelName)).describe("Labels whose values are not the pod's own."),
});

const nodeTerm = z.strictObject({
  matchExpressions: optional(requirements(nodeOperators)).describe("Conditions on a node's labels."),
  matchFields: optional(requirements(nodeOperators)).describe("Conditions on a node's fields, such as metadata.name."),
});

const weight = integer("a weight, 1 to 100", 100, 1, 100).describe("How much it counts.");

const ofPods = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: optional(z.array(podTerm)).describe("What must hold."),
  preferredDuringSchedulingIgnoredDuringExecution: optional(
    z.array(z.strictObject({ weight, podAffinityTerm: podTerm.describe("The condition.") })),
  ).describe("What should hold."),
});

const ofNodes = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: optional(
    z.strictObject({
      nodeSelectorTerms: z
        .array(nodeTerm)
        .min(1)
        .meta({ allowed: "at least one term" })
        .describe("Terms of which one must hold."),
    }),
  ).describe("What must hold."),
  preferredDuringSchedulingIgnoredDuringExecution: optional(
    z.array(z.strictObject({ weight, preference: nodeTerm.describe("The condition.") })),
  ).describe("What should hold."),
});

export const affinitySchema = saying(
  z.strictObject({
    nodeAffinity: optional(ofNodes).describe("Nodes on which they run."),
    podAffinity: optional(ofPods).describe("Pods beside which they run."),
    podAntiAffinity: optional(ofPods).describe("Pods beside which they do not run."),
  }),
  {
    examples: [
      {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }] },
            ],
          },
        },
      },
    ],
  },
);

export interface Affinity extends z.output<typeof affinitySchema> {}
