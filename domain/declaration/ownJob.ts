import { z } from "zod";
import { integer, optional, text } from "../values/schema.ts";
import { jobPodsSchema } from "./jobPods.ts";
import {
  cidrs,
  cronJobName,
  duration,
  host,
  port,
  schedule,
  secretKey,
  secretName,
  sentence,
  size,
  sourced,
} from "./texts.ts";

/** Source: IEEE Std 1003.1, section 8.1. HOME is set already: an image's own is not writable. */
const variable = text("the name of an environment variable other than HOME", "API_TOKEN", /^(?!HOME$)[A-Za-z_]\w*$/);

const destinationSchema = z.strictObject({
  host: host.describe("Host name as pods of the service's namespace resolve it, or an address."),
  port: port.describe("Its port."),
  network: optional(cidrs("10.0.0.0/8"))
    .describe("Networks in which its address is, if it is not in the cluster.")
    .meta({ defaults: "pods of the namespace in its name; any address, if the name may be one outside the cluster" }),
});

/** When a job runs by itself. */
const runsSchema = z.strictObject({
  schedule: sourced(schedule).describe("When it runs, in UTC."),
  startingDeadline: duration.describe("The longest time after its schedule that a run may still start."),
  window: optional(text("the name of a window of the service", "weekly")).describe(
    "The maintenance window in which each run must start and end, for a job that disturbs the service.",
  ),
  severity: optional(z.enum(["critical", "warning"]))
    .describe("Severity of the alerts on runs that are missing.")
    .meta({ defaults: '"warning"' }),
});

export const ownJobSchema = z.strictObject({
  name: cronJobName.describe("Name of the CronJob."),
  purpose: sentence("checks the integrity of stored data").describe("What it does, where jobs are listed."),
  image: text("an image with an exact version tag, or with a digest", "registry.example.com/shop:1.4.2").describe(
    "The image that it runs in.",
  ),
  runAsUser: integer("a whole number above 0: no job runs as root", 1000, 1).describe(
    "The numeric user of the image's program.",
  ),
  command: z
    .array(text("a text", "shop", /^/))
    .min(1)
    .meta({ allowed: "a program and its arguments, each a text", examples: [["shop", "check", "--all"]] })
    .describe("What runs, without a shell: each argument arrives as it is written."),
  runs: optional(runsSchema).describe("When it runs by itself.").meta({ defaults: "only when a person starts it" }),
  deadline: duration.describe("The longest time that a run may take, retries included."),
  retries: optional(integer("a whole number of retries, 0 or more", 1, 0))
    .describe("How often a failed run is repeated within its deadline.")
    .meta({ defaults: "0" }),
  memory: size.describe("Memory that it requests and may use."),
  scratch: optional(size).describe("Space under /scratch. Besides it only /tmp is writable.").meta({ defaults: "1Mi" }),
  variables: optional(
    z.record(variable, text("a text", "https://shop", /^/)).meta({
      allowed: "values by the names of environment variables",
      examples: [{ API: "https://shop" }],
    }),
  ).describe("Environment variables, which are not secret."),
  secrets: optional(
    z
      .record(
        variable,
        z.strictObject({
          secret: secretName.describe("The Secret, in the service's namespace."),
          key: secretKey.describe("The key of the Secret."),
        }),
      )
      .meta({
        allowed: "a Secret and its key by the names of environment variables",
        examples: [{ API_TOKEN: { secret: "shop-token", key: "token" } }],
      }),
  ).describe("Environment variables from Secrets that exist already; their values never pass through the program."),
  egress: optional(z.array(destinationSchema).meta({ examples: [[{ host: "postgresql", port: 5432 }]] }))
    .describe("What it may connect to.")
    .meta({ defaults: "the cluster's DNS alone" }),
  jobs: optional(jobPodsSchema.omit({ memory: true })).describe(
    "What is declared about its pods, over what the service's `jobs` and the stack's `upkeep:jobs` declare.",
  ),
});

/** A job of the service's own, in its own image: a check of its data, a clean-up, a smoke test, a benchmark. */
export interface OwnJob extends z.output<typeof ownJobSchema> {}

export function job(name: string, facts: Omit<OwnJob, "name">): OwnJob {
  return { ...facts, name };
}
