import { z } from "zod";
import { checkInputs } from "../check-inputs.ts";
import type { Checked } from "../provider.ts";
import { hasUnknown, type Properties } from "../values.ts";

const oneFile = z.array(z.string()).max(1, "the stand-in reads one file").optional();

/** The provider's arguments that are supported. */
const schema = z.strictObject({
  region: z.string().optional(),
  profile: z.string().optional(),
  sharedConfigFiles: oneFile,
  sharedCredentialsFiles: oneFile,
  allowedAccountIds: z.array(z.string().regex(/^\d{12}$/, "must be 12 digits")).optional(),
  s3UsePathStyle: z.boolean().default(false),
  defaultTags: z.strictObject({ tags: z.record(z.string(), z.string()).optional() }).optional(),
  // What the SDK sends for every provider, and what the engine adds: without meaning here.
  skipCredentialsValidation: z.boolean().optional(),
  skipRegionValidation: z.boolean().optional(),
  version: z.string().optional(),
});

export type Configuration = z.infer<typeof schema>;

export function checkConfiguration(config: Properties): Checked {
  const { failures } = checkInputs(schema, fromWire(config), "the aws provider's stand-in");
  return { inputs: config, failures };
}

/** @returns the arguments that are known: in a preview some may not be */
export function readConfiguration(config: Properties): Configuration {
  const known = Object.entries(fromWire(config)).filter(([, value]) => !hasUnknown(value));
  return schema.parse(Object.fromEntries(known));
}

/** All but strings arrive as JSON text. */
function fromWire(config: Properties): Properties {
  const strings = new Set(["region", "profile", "version"]);
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, strings.has(key) || hasUnknown(value) ? value : parse(value)]),
  );
}

function parse(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return value;
  }
}
