import { imageFaults } from "../domain/kubernetes/imageReference.ts";
import { definePolicy } from "./definePolicy.ts";
import { podSpecOf, podSpecPaths } from "./podSpecOf.ts";

export const imagePinned = definePolicy({
  name: "image-pinned",
  description: "What runs is what was reviewed: an image changes only when a person changes its name.",
  severity: "high",
  types: Object.keys(podSpecPaths),
  faults: ({ type, props }, guard) => {
    const { pod, at } = podSpecOf(type, props);
    return imageFaults(pod, at, guard);
  },
});
