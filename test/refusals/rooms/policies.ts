import { alertWellFormed } from "../../../policies/alert-well-formed.ts";
import { recoveryPointKept } from "../../../policies/recovery-point-kept.ts";
import { faultsOf } from "../../policies/judge.ts";
import type { Room } from "../room.ts";

export const room: Room = {
  title: "Policies (policies)",
  sources: ["policies/*.ts"],
  examples: [
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
