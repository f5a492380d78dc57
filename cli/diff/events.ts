import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Violation } from "./report.ts";

const PolicyEvent = z.object({
  resourceUrn: z.string().default(""),
  message: z.string(),
  policyName: z.string(),
  enforcementLevel: z.enum(["mandatory", "advisory", "remediate", "disabled"]).catch("advisory"),
});

const Event = z.object({
  policyEvent: PolicyEvent.optional(),
  resOutputsEvent: z
    .object({
      metadata: z.object({
        urn: z.string(),
        type: z.string(),
        new: z.object({ id: z.string().optional(), outputs: z.record(z.string(), z.unknown()).optional() }).nullish(),
      }),
    })
    .optional(),
});

/** What an engine's event log says that its JSON output does not. */
export interface Events {
  violations: Omit<Violation, "isNew">[];
  ids: Map<string, string>;
  /** Of the stack. */
  outputs: Record<string, unknown>;
}

/** The only events that are read: those of diagnostics for debugging hold secrets in clear. */
const READ = /^[^{]*\{[^{]*"(policyEvent|resOutputsEvent)":/;

/** @param file the event log of one command, a JSON object in each line */
export async function readEvents(file: string): Promise<Events> {
  const events: Events = { violations: [], ids: new Map(), outputs: {} };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!READ.test(line.slice(0, 200))) continue;
    const { policyEvent, resOutputsEvent } = Event.parse(JSON.parse(line));
    if (policyEvent) {
      const { policyName: policy, enforcementLevel: level, resourceUrn: resource, message } = policyEvent;
      events.violations.push({ policy, level, resource, message: message.trim() });
    }
    const { metadata } = resOutputsEvent ?? {};
    if (metadata?.new?.id) events.ids.set(metadata.urn, metadata.new.id);
    if (metadata?.type === "pulumi:pulumi:Stack") events.outputs = metadata.new?.outputs ?? {};
  }
  return events;
}
