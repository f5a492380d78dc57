import type { KubernetesObject } from "@kubernetes/client-node";
import { label } from "./objects.ts";

const group = "tapio.io";

/** Tapio's own kinds. Its guide names them without an example, so these accept any field. */
export const tapioDefinitions: KubernetesObject[] = [
  definition("TapioConfig", "tapioconfigs"),
  definition("CorrelationRule", "correlationrules"),
];

function definition(kind: string, plural: string): KubernetesObject {
  const object = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: label },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            },
          },
        },
      ],
    },
  };
  return object;
}

/** An object of each of Tapio's kinds. */
export function tapioObjects(namespace: string): KubernetesObject[] {
  const object = (kind: string, name: string, spec: object) => ({
    apiVersion: `${group}/v1`,
    kind,
    metadata: { namespace, name, labels: label },
    spec,
  });
  return [
    object("TapioConfig", "tapio", { correlationWindow: "5m", agents: { samplingRate: 0.5 } }),
    object("CorrelationRule", "oom-after-deploy", { within: "10m", events: ["deploy", "oom-kill"] }),
  ];
}
