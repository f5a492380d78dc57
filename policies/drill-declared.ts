import { rareDrills, undrilledBackups } from "../domain/backup/coverage.ts";
import { DAY, seconds } from "../domain/values/duration.ts";
import { readable } from "../domain/values/readable.ts";
import { optional, text } from "../domain/values/schema.ts";
import { declaredService } from "./declaredService.ts";
import { definePolicy } from "./definePolicy.ts";

/** A stack may ask for more than the quarter, and not for less: that is a lowered level. */
const longestGap = text(
  "a duration of at most 92d",
  "30d",
  (words) => readable(() => seconds(words)) && seconds(words) <= 92 * DAY,
);

export const drillDeclared = definePolicy({
  name: "drill-declared",
  description: "A backup that is never restored is a hope: its restore is rehearsed at least every 90 days.",
  severity: "high",
  blocks: "all",
  unexemptible: "a reason for having no drill belongs into the declaration, as undrilled, where the posture shows it",
  settings: { longestGap: optional(longestGap) },
  types: ["upkeep:index:MaintainedService"],
  faults: ({ props }, attempt, given) => {
    const { datastores = [], backups = [] } = declaredService(props);
    const longest = given.longestGap === undefined ? undefined : seconds(given.longestGap);
    return [
      ...undrilledBackups({ datastores, backups }, attempt),
      ...rareDrills({ datastores, backups }, attempt, longest),
    ];
  },
});
