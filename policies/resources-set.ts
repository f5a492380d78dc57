import { missingResourceFaults } from "../domain/kubernetes/podResources.ts";
import { defineObjectPolicy, podOf } from "./defineObjectPolicy.ts";

export const resourcesSet = defineObjectPolicy({
  name: "resources-set",
  description: "A pod without requests and limits is evicted first, or evicts others.",
  severity: "medium",
  blocks: "ours",
  house: true,
  faults: (object, attempt) => {
    const pod = podOf(object);
    return pod ? missingResourceFaults(pod.template.spec ?? {}, pod.at, attempt) : [];
  },
});
