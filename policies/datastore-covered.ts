import { uncoveredDatastores, undrilledBackups } from "../domain/backup/coverage.ts";
import type { Service } from "../domain/declaration/service.ts";
import { definePolicy } from "./definePolicy.ts";

export const datastoreCovered = definePolicy({
  name: "datastore-covered",
  description: "A datastore has a backup with a drill, or a stated reason for having none.",
  severity: "critical",
  types: ["upkeep:index:MaintainedService"],
  faults: ({ props }, guard) => {
    const service = props.service as Service;
    return [...uncoveredDatastores(service, guard), ...undrilledBackups(service, guard)];
  },
});
