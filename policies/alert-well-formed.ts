import { z } from "zod";
import { optional, text } from "../domain/values/schema.ts";
import { defineObjectPolicy } from "./defineObjectPolicy.ts";
import { rulesFaults } from "./ruleGroups.ts";

export const alertWellFormed = defineObjectPolicy({
  name: "alert-well-formed",
  description: "An alert is evaluated, has a severity that the routes know, and says what is wrong.",
  severity: "high",
  blocks: "all",
  settings: { severities: optional(z.array(text("a severity that the routes know", "page")).min(1)) },
  faults: (object, attempt, { severities }) => rulesFaults(object, "core", attempt, severities),
});
