import type { Duration } from "../values/duration.ts";

/** Where S3 keeps data that is hardly ever read, for less. */
export const storageClasses = ["GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"] as const;

export type StorageClass = (typeof storageClasses)[number];

/**
 * How long a person may have to wait until data of a class can be read at all: its slowest retrieval option, which is the only one that
 * never lacks capacity. Source: docs.aws.amazon.com, "Understanding archive retrieval options".
 */
export const retrievals: Record<StorageClass, Duration | undefined> = {
  // Milliseconds.
  GLACIER_IR: undefined,
  GLACIER: "12h",
  DEEP_ARCHIVE: "48h",
};
