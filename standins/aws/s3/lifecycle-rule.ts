import { z } from "zod";
import { tags, wholeNumber } from "../schema.ts";

const DAYS = 2 ** 31 - 1;
const days = wholeNumber(1, DAYS);
const bytes = wholeNumber(0, 5 * 2 ** 40);

const storageClass = z.enum([
  "GLACIER",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
]);

const filter = z
  .strictObject({
    prefix: z.string().optional(),
    tag: z.strictObject({ key: z.string(), value: z.string() }).optional(),
    objectSizeGreaterThan: bytes.optional(),
    objectSizeLessThan: bytes.optional(),
    and: z
      .strictObject({
        prefix: z.string().optional(),
        tags,
        objectSizeGreaterThan: bytes.optional(),
        objectSizeLessThan: bytes.optional(),
      })
      .optional(),
  })
  .refine((conditions) => Object.keys(conditions).length <= 1, 'must have one condition; put several into "and"')
  // All three spellings of "every object" are the same to the API.
  .transform((conditions) => (Object.keys(conditions).length === 0 ? { prefix: "" } : conditions));

/** One rule of a bucket's lifecycle, as the vendor's plugin has it; dates and the deprecated `prefix` are not supported. */
export const lifecycleRule = z
  .strictObject({
    id: z.string().min(1).max(255),
    status: z.enum(["Enabled", "Disabled"]),
    filter: filter.default({ prefix: "" }),
    abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: days }).optional(),
    expiration: z
      .strictObject({ days: days.optional(), expiredObjectDeleteMarker: z.boolean().optional() })
      .refine(
        (expiration) => Object.keys(expiration).length === 1,
        "must have either days or expiredObjectDeleteMarker",
      )
      .optional(),
    noncurrentVersionExpiration: z
      .strictObject({ noncurrentDays: days, newerNoncurrentVersions: wholeNumber(1, 100).optional() })
      .optional(),
    transitions: z
      .array(z.strictObject({ days: wholeNumber(0, DAYS), storageClass }))
      .min(1)
      .optional(),
    noncurrentVersionTransitions: z
      .array(
        z.strictObject({
          noncurrentDays: wholeNumber(0, DAYS),
          newerNoncurrentVersions: wholeNumber(1, 100).optional(),
          storageClass,
        }),
      )
      .min(1)
      .optional(),
  })
  .refine(
    ({ id, status, filter, ...actions }) => Object.keys(actions).length > 0,
    "must do something: an expiration or a transition",
  );

export type Rule = z.infer<typeof lifecycleRule>;
