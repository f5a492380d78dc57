import { USERS } from "../domain/kubernetes/cronJob.ts";
import { podSpecFaults } from "../domain/kubernetes/podHardening.ts";
import { appArmorFaults } from "../domain/kubernetes/podSecurity.ts";
import { defineObjectPolicy, podOf } from "./defineObjectPolicy.ts";

export const podRestricted = defineObjectPolicy({
  name: "pod-restricted",
  description: "A pod that is taken over, or has a bug, can harm nothing else on its node.",
  severity: "high",
  blocks: "ours",
  remediates: true,
  faults: (object, attempt) => {
    const pod = podOf(object);
    if (pod === undefined) return [];
    const annotations = `${pod.at.replace(/\.?spec$/, "")}.metadata.annotations`.replace(/^\./, "");
    const { metadata, spec = {} } = pod.template;
    return [
      ...attempt(() => podSpecFaults(spec, pod.at, attempt, metadata?.annotations?.[USERS] === "none")),
      ...attempt(() => appArmorFaults(metadata?.annotations ?? {}, annotations)),
    ];
  },
});
