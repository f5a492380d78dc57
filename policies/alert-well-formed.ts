import { defineObjectPolicy } from "./defineObjectPolicy.ts";
import { rulesFaults } from "./ruleGroups.ts";

export const alertWellFormed = defineObjectPolicy({
  name: "alert-well-formed",
  description: "An alert is evaluated, has a severity that the routes know, and says what is wrong.",
  severity: "high",
  blocks: "all",
  faults: (object, attempt) => rulesFaults(object, "core", attempt),
});
