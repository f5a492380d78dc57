import { rareDrills, undrilledBackups } from "../domain/backup/coverage.ts";
import { declaredService } from "./declaredService.ts";
import { definePolicy } from "./definePolicy.ts";

export const drillDeclared = definePolicy({
  name: "drill-declared",
  description: "A backup that is never restored is a hope: its restore is rehearsed at least every 90 days.",
  severity: "high",
  blocks: "all",
  types: ["upkeep:index:MaintainedService"],
  faults: ({ props }, attempt) => {
    const { datastores = [], backups = [] } = declaredService(props);
    return [...undrilledBackups({ datastores, backups }, attempt), ...rareDrills({ datastores, backups }, attempt)];
  },
});
