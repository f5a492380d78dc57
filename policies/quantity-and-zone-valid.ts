import { type CronJobSpec, cronJobShape, cronJobTimeFaults } from "../domain/kubernetes/cronJob.ts";
import { amountFaults, podQuantityFaults } from "../domain/kubernetes/podResources.ts";
import type { WrittenObject } from "../domain/kubernetes/writtenObjects.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import type { Shape } from "../domain/values/shape.ts";
import { defineObjectPolicy, fieldsOf, podOf } from "./defineObjectPolicy.ts";

export const quantityAndZoneValid = defineObjectPolicy({
  name: "quantity-and-zone-valid",
  description:
    "What the API or the kubelet would refuse later, or read otherwise than it was meant, shows in the preview.",
  severity: "high",
  blocks: "all",
  faults: (object, attempt) => [
    ...(object.kind === "CronJob" ? cronJobTimes(object, attempt) : []),
    ...attempt(() => {
      const pod = podOf(object);
      return pod ? podQuantityFaults(pod.template.spec ?? {}, pod.at, attempt) : [];
    }),
    ...attempt(() => claimFaults(object, attempt)),
  ],
});

function cronJobTimes(object: WrittenObject, attempt: Attempt): Fault[] {
  return attempt(() => {
    const { spec = {} } = fieldsOf<{ spec?: CronJobSpec }>(object, cronJobShape);
    return cronJobTimeFaults(spec, "spec", attempt);
  });
}

interface Claim {
  spec?: { resources?: { requests?: Record<string, string> } };
}

const claimShape = { spec: { resources: { requests: { "*": "quantity" } } } } as const satisfies Shape;

/** Faults of the sizes of a PersistentVolumeClaim, and of a StatefulSet's. */
function claimFaults(object: WrittenObject, attempt: Attempt): Fault[] {
  if (object.kind === "PersistentVolumeClaim") return sizes(fieldsOf<Claim>(object, claimShape), "spec");
  if (object.kind !== "StatefulSet") return [];
  const shape = { spec: { volumeClaimTemplates: [claimShape] } } as const;
  const claims =
    fieldsOf<{ spec?: { volumeClaimTemplates?: Claim[] } }>(object, shape).spec?.volumeClaimTemplates ?? [];
  return Object.keys(claims).flatMap((index) =>
    attempt(() => sizes(claims[Number(index)] ?? {}, `spec.volumeClaimTemplates[${index}].spec`)),
  );
}

function sizes({ spec }: Claim, at: string): Fault[] {
  return amountFaults(spec?.resources?.requests ?? {}, `${at}.resources.requests`);
}
