import { alertWellFormed } from "../../../policies/alert-well-formed.ts";
import { readConfiguration } from "../../../policies/configuration.ts";
import { Exemptions } from "../../../policies/exemptions.ts";
import { policies } from "../../../policies/policies.ts";
import { recoveryPointKept } from "../../../policies/recovery-point-kept.ts";
import { faultsOf } from "../../policies/judge.ts";
import type { Room } from "../room.ts";

const terms = { reason: "the registry's mirror moves in January", until: "2027-01-31" };
const exempt = {
  policy: "pod-restricted",
  resource: "CronJob shop/orders-backup",
  path: "spec.jobTemplate.spec.template.spec.hostNetwork",
  owner: "team-shop",
  ticket: "SHOP-123",
  ...terms,
};

/** What is refused of a configuration. */
function configuration(written: Record<string, unknown>) {
  return () => {
    const read = readConfiguration(written, policies, "2026-12-01");
    return "faults" in read ? read.faults : [];
  };
}

const lowered = (change: object) =>
  configuration({ "image-pinned": { enforcementLevel: "advisory", ...terms, ...change } });
const exempted = (change: object) =>
  configuration({ "exemptions-in-date": { exemptions: [{ ...exempt, ...change }] } });

/** What is wrong with an exemption at the end of a run that found the given faults. */
function atEnd(change: object) {
  return () => {
    const subject = { kind: "CronJob", names: ["shop/orders-backup"] };
    const exemptions = new Exemptions([{ ...exempt, ...change }], "2026-12-01");
    exemptions.apply("pod-restricted", subject, [], true);
    return exemptions.faults([subject]);
  };
}

export const room: Room = {
  title: "Policies (policies)",
  sources: ["policies/*.ts"],
  examples: [
    { code: "end-too-far", faults: lowered({ until: "2027-06-30" }) },
    { code: "exemption-ended", faults: atEnd({ until: "2026-11-30" }) },
    { code: "exemption-policy-unknown", faults: exempted({ policy: "pod-restrict" }) },
    { code: "exemption-resource-unknown", faults: atEnd({ resource: "CronJob shop/users-backup" }) },
    { code: "exemption-unused", faults: atEnd({}) },
    { code: "level-ended", faults: lowered({ until: "2026-11-30" }) },
    {
      code: "level-fixed",
      faults: configuration({ "exemptions-in-date": { enforcementLevel: "advisory", ...terms } }),
    },
    { code: "level-without-end", faults: lowered({ until: undefined }) },
    { code: "level-without-reason", faults: lowered({ reason: undefined }) },
    { code: "policy-unexemptible", faults: exempted({ policy: "no-inline-secret" }) },
    {
      code: "rule-file-unreadable",
      faults: () =>
        faultsOf(alertWellFormed, "kubernetes:core/v1:ConfigMap", { data: { "a.yaml": "groups:\n  - rules: [\n" } }),
    },
    {
      code: "suspended-by-patch",
      faults: () => faultsOf(recoveryPointKept, "kubernetes:batch/v1:CronJobPatch", { spec: { suspend: true } }),
    },
  ],
};
