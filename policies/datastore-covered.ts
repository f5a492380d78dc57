import { uncoveredDatastores, undrilledBackups } from "../domain/backup/coverage.ts";
import type { Service } from "../domain/declaration/service.ts";
import { definePolicy } from "./definePolicy.ts";

export const datastoreCovered = definePolicy({
  name: "datastore-covered",
  description: "What holds data has a backup whose restore is rehearsed, or somebody said why not.",
  severity: "critical",
  types: ["upkeep:index:MaintainedService"],
  faults: ({ props }, guard) => {
    const service = props.service as Service;
    return [...uncoveredDatastores(service, guard), ...undrilledBackups(service, guard)];
  },
});
