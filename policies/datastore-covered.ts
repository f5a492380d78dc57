import { uncoveredDatastores, undrilledContinuous } from "../domain/coverage.ts";
import type { Service } from "../domain/service.ts";
import { definePolicy } from "./definePolicy.ts";

export const datastoreCovered = definePolicy({
  name: "datastore-covered",
  description: "What holds data has a backup, or somebody said why it needs none.",
  severity: "critical",
  types: ["upkeep:index:MaintainedService"],
  faults: ({ props }, guard) => {
    const service = props.service as Service;
    return [...uncoveredDatastores(service, guard), ...undrilledContinuous(service, guard)];
  },
});
