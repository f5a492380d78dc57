import type { Duration } from "../values/duration.ts";

/** S3's cheaper classes for data that is rarely read. */
export const storageClasses = ["GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"] as const;

export type StorageClass = (typeof storageClasses)[number];

/**
 * The longest time until data of a class can be read: that of its slowest retrieval option, the only one that never lacks capacity.
 * Source: docs.aws.amazon.com, "Understanding archive retrieval options".
 */
export const retrievals: Record<StorageClass, Duration | undefined> = {
  // Milliseconds.
  GLACIER_IR: undefined,
  GLACIER: "12h",
  DEEP_ARCHIVE: "48h",
};
