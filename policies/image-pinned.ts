import { imageFault, imageFaults } from "../domain/kubernetes/imageReference.ts";
import type { WrittenObject } from "../domain/kubernetes/writtenObjects.ts";
import type { Fault } from "../domain/values/fault.ts";
import { defineObjectPolicy, fieldsOf, podOf } from "./defineObjectPolicy.ts";

export const imagePinned = defineObjectPolicy({
  name: "image-pinned",
  description: "What runs is what was reviewed: an image changes only when a person changes its name.",
  severity: "high",
  blocks: "ours",
  faults: (object, attempt) => [
    ...attempt(() => {
      const pod = podOf(object);
      return pod ? imageFaults(pod.template.spec ?? {}, pod.at, attempt) : [];
    }),
    ...attempt(() => ownImage(object)),
  ],
});

/** Fields in which operators take the image of what they run. */
const imageFields: Readonly<Record<string, string>> = {
  "monitoring.coreos.com": "image",
  "postgresql.cnpg.io": "imageName",
};

function ownImage(object: WrittenObject): Fault[] {
  const field = imageFields[object.group];
  if (field === undefined) return [];
  const image = fieldsOf<{ spec?: Record<string, string> }>(object, { spec: { [field]: "text" } }).spec?.[field];
  return image === undefined ? [] : imageFault(image, `spec.${field}`);
}
