import type { PolicyResource, ReportViolation, StackValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { optional } from "../domain/values/schema.ts";
import { configured } from "./configured.ts";
import { exemption } from "./exemptions.ts";
import { judge, violate } from "./judge.ts";
import { loweredMessage, subjectOf } from "./message.ts";
import { type Configurable, configurable, type Rule } from "./rule.ts";
import { configSchemaOf } from "./settings.ts";

const rule: Rule & Configurable = {
  name: "exemptions-in-date",
  description:
    "What weakens the pack for a stack is needed, has an owner and ends: else it stays for ever, and nobody knows why.",
  severity: "high",
  blocks: "all",
  unexemptible: "it watches over the exemptions",
  settings: { exemptions: optional(z.array(exemption)) },
};

/** No resource has this type: the SDK then skips a policy before it decodes the stack. */
const NOTHING = "upkeep:none:None";

function validateStack({ resources }: { resources: readonly PolicyResource[] }, report: ReportViolation): void {
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? resources[0];
  if (root === undefined) return;
  const { exemptions, lowered } = configured();
  judge(rule, root, report, () => exemptions.faults(resources.map(subjectOf)), "block");
  for (const one of lowered) {
    violate(report, { urn: root.urn, message: loweredMessage(rule, one), enforcementLevel: "advisory" });
  }
}

/** Reports what is wrong with a stack's exemptions, after every other policy has met them; so it is the last of the pack. */
export const exemptionsInDate: StackValidationPolicy & Configurable = {
  description: rule.description,
  severity: rule.severity,
  enforcementLevel: "mandatory",
  configSchema: configSchemaOf(rule.settings),
  validateStack: Object.defineProperty(validateStack, "__pulumiType", {
    get: () => (configured().exemptions.isEmpty && configured().lowered.length === 0 ? NOTHING : undefined),
  }),
  ...configurable(rule),
};
