import { z } from "zod";
import { isObject } from "../values.ts";

const tagKey = z.string().min(1).max(128);

export const tags = z.record(tagKey, z.string().max(256)).optional();

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = z
  .string()
  .min(3)
  .max(63)
  .regex(
    /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    "must be lower-case letters, digits, dots and hyphens, between letters or digits",
  )
  .refine((name) => !name.includes(".."), "must not have two dots in a row")
  .refine((name) => !/^\d+\.\d+\.\d+\.\d+$/.test(name), "must not look like an IP address")
  .refine((name) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(name), "must not begin with a prefix that S3 reserves")
  .refine(
    (name) => !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name),
    "must not end with a suffix that S3 reserves",
  );

/** JSON text, or the object that the vendor's plugin makes JSON of. */
export const policyDocument = z.preprocess(
  (value) => (isObject(value) ? JSON.stringify(value) : value),
  z.string().superRefine((text, context) => {
    try {
      const document: unknown = JSON.parse(text);
      if (isObject(document) && document.Statement !== undefined) return;
      context.addIssue({ code: "custom", message: "must be a policy document: a JSON object with a Statement" });
    } catch (error) {
      context.addIssue({ code: "custom", message: `is not JSON: ${(error as Error).message}` });
    }
  }),
);

export function wholeNumber(least: number, most: number) {
  return z.number().int().min(least).max(most);
}
