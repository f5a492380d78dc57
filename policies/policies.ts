import { alertWellFormed } from "./alert-well-formed.ts";
import { bucketHardened } from "./bucket-hardened.ts";
import { cronjobHardened } from "./cronjob-hardened.ts";
import { datastoreCovered } from "./datastore-covered.ts";
import { imagePinned } from "./image-pinned.ts";
import { noInlineSecret } from "./no-inline-secret.ts";
import { recoveryPointKept } from "./recovery-point-kept.ts";

/** Also what `import { policies } from "upkeep/policies"` gives: for a policy pack that has others beside these. */
export const policies = [
  alertWellFormed,
  bucketHardened,
  cronjobHardened,
  datastoreCovered,
  imagePinned,
  noInlineSecret,
  recoveryPointKept,
];
