import { alertActionable } from "./alert-actionable.ts";
import { alertWellFormed } from "./alert-well-formed.ts";
import { backupFailsLoudly } from "./backup-fails-loudly.ts";
import { bucketHardened } from "./bucket-hardened.ts";
import { cronjobEndsAndStarts } from "./cronjob-ends-and-starts.ts";
import { datastoreCovered } from "./datastore-covered.ts";
import { drillDeclared } from "./drill-declared.ts";
import { imagePinned } from "./image-pinned.ts";
import { noInlineSecret } from "./no-inline-secret.ts";
import { podRestricted } from "./pod-restricted.ts";
import { quantityAndZoneValid } from "./quantity-and-zone-valid.ts";
import { recoveryPointKept } from "./recovery-point-kept.ts";
import { resourcesSet } from "./resources-set.ts";

/** Also the export of `upkeep/policies`, for a policy pack with other policies besides these. */
export const policies = [
  alertActionable,
  alertWellFormed,
  backupFailsLoudly,
  bucketHardened,
  cronjobEndsAndStarts,
  datastoreCovered,
  drillDeclared,
  imagePinned,
  noInlineSecret,
  podRestricted,
  quantityAndZoneValid,
  recoveryPointKept,
  resourcesSet,
];
