import { alertWellFormed } from "./alert-well-formed.ts";
import { bucketHardened } from "./bucket-hardened.ts";
import { cronjobHardened } from "./cronjob-hardened.ts";
import { datastoreCovered } from "./datastore-covered.ts";
import { imagePinned } from "./image-pinned.ts";
import { noInlineSecret } from "./no-inline-secret.ts";
import { recoveryPointKept } from "./recovery-point-kept.ts";

/** Also the export of `upkeep/policies`, for a policy pack with other policies besides these. */
export const policies = [
  alertWellFormed,
  bucketHardened,
  cronjobHardened,
  datastoreCovered,
  imagePinned,
  noInlineSecret,
  recoveryPointKept,
];
