import { claimRetentionFaults, heldDataFaults } from "../domain/bucket/heldData.ts";
import { writtenObjects } from "../domain/kubernetes/writtenObjects.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { fieldsOf, objectFaults } from "./defineObjectPolicy.ts";
import { definePolicy } from "./definePolicy.ts";

export const protectWhatHoldsData = definePolicy({
  name: "protect-what-holds-data",
  description: "A mistake in a program, such as a renamed resource, deletes no data and no key that data needs.",
  severity: "critical",
  blocks: "ours",
  types: ["aws:*", "random:*", "kubernetes:core/v1:PersistentVolumeClaim", "kubernetes:apps/*"],
  faults: ({ type, props, opts }, attempt) => [
    ...heldDataFaults(kindOf(type), props, opts.protect === true, attempt),
    ...statefulSets(type, props, attempt),
  ],
});

/** Such as `s3.Bucket`, for `aws:s3/bucket:Bucket` and for the deprecated `aws:s3/bucketV2:BucketV2`. */
function kindOf(type: string): string {
  const [, provider = "", module = "", kind = ""] = /^(\w+):([\w.]+)[^:]*:(\w+)$/.exec(type) ?? [];
  const own = kind.replace(/V2$/, "");
  return provider === "random" ? `random.${own}` : `${module}.${own}`;
}

const claimShape = {
  spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "text", whenScaled: "text" } },
} as const;

function statefulSets(type: string, props: Record<string, unknown>, attempt: Attempt): Fault[] {
  if (!type.startsWith("kubernetes:apps/")) return [];
  return objectFaults(writtenObjects(type, props, attempt), attempt, (object) => {
    if (object.kind !== "StatefulSet") return [];
    const { spec } = fieldsOf<{ spec?: { persistentVolumeClaimRetentionPolicy?: object } }>(object, claimShape);
    return claimRetentionFaults(spec?.persistentVolumeClaimRetentionPolicy ?? {}, "spec");
  });
}
