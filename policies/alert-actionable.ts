import { defineObjectPolicy } from "./defineObjectPolicy.ts";
import { rulesFaults } from "./ruleGroups.ts";

export const alertActionable = defineObjectPolicy({
  name: "alert-actionable",
  description: "An alert says of which service it is and what to do, and no single failed scrape wakes anyone.",
  severity: "medium",
  blocks: "ours",
  house: true,
  faults: (object, attempt) => rulesFaults(object, "house", attempt),
});
