import { uncoveredDatastores, undeclaredLists } from "../domain/backup/coverage.ts";
import { declaredService } from "./declaredService.ts";
import { definePolicy } from "./definePolicy.ts";

export const datastoreCovered = definePolicy({
  name: "datastore-covered",
  description: "A datastore has a backup, or a stated reason for having none.",
  severity: "critical",
  blocks: "all",
  unexemptible:
    "a reason for having no backup belongs into the declaration, as unprotected, where the posture shows it",
  types: ["upkeep:index:MaintainedService"],
  faults: ({ props }, attempt) => {
    const service = declaredService(props);
    const { datastores = [], backups = [] } = service;
    return [...undeclaredLists(service), ...uncoveredDatastores({ datastores, backups }, attempt)];
  },
});
