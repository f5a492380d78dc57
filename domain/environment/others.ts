import { z } from "zod";
import { optional, text } from "../values/schema.ts";

const matchers = z.array(text("a matcher of Alertmanager", "severity = warning")).describe("What is inhibited.");

/** The part of Alertmanager's configuration that is not Upkeep's, with Alertmanager's own keys. Keys that are not here are kept too. */
export const others = z.strictObject({
  route: z
    .looseObject({ receiver: text("the name of one of these receivers", "platform").describe("The receiver.") })
    .meta({ allowed: "a route of Alertmanager, with its receiver", examples: [{ receiver: "platform" }] })
    .describe("The route of alerts that are not of Upkeep's services, with its own routes."),
  receivers: z
    .array(
      z
        .looseObject({ name: text("the name of a receiver", "platform").describe("Its name.") })
        .meta({ examples: [{ name: "platform" }] }),
    )
    .min(1)
    .meta({ allowed: "a list of at least one receiver of Alertmanager", examples: [[{ name: "platform" }]] })
    .describe("Their receivers. A secret is read from a file: `/etc/alertmanager/secrets/<Secret>/<key>`."),
  inhibit_rules: optional(
    z.array(z.looseObject({ target_matchers: optional(matchers) })).meta({
      allowed: "a list of inhibition rules of Alertmanager",
      examples: [
        [{ source_matchers: ["severity = critical"], target_matchers: ["severity = warning"], equal: ["namespace"] }],
      ],
    }),
  ).describe("Their inhibition rules, which inhibit none of Upkeep's alerts."),
  time_intervals: optional(
    z.array(z.looseObject({ name: text("the name of a time interval", "night").describe("Its name.") })).meta({
      allowed: "a list of time intervals of Alertmanager",
      examples: [[{ name: "night", time_intervals: [] }]],
    }),
  ).describe("The time intervals that their routes name."),
});

export type Others = z.output<typeof others>;
