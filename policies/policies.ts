import { alertActionable } from "./alert-actionable.ts";
import { alertWellFormed } from "./alert-well-formed.ts";
import { backupFailsLoudly } from "./backup-fails-loudly.ts";
import { backupWatched } from "./backup-watched.ts";
import { bucketHardened } from "./bucket-hardened.ts";
import { criticalReachesAPerson } from "./critical-reaches-a-person.ts";
import { cronjobEndsAndStarts } from "./cronjob-ends-and-starts.ts";
import { datastoreCovered } from "./datastore-covered.ts";
import { drillDeclared } from "./drill-declared.ts";
import { exemptionsInDate } from "./exemptions-in-date.ts";
import { imagePinned } from "./image-pinned.ts";
import { leastPrivilege } from "./least-privilege.ts";
import { noInlineSecret } from "./no-inline-secret.ts";
import { podRestricted } from "./pod-restricted.ts";
import { protectWhatHoldsData } from "./protect-what-holds-data.ts";
import { quantityAndZoneValid } from "./quantity-and-zone-valid.ts";
import { recoveryPointKept } from "./recovery-point-kept.ts";
import { resourcesSet } from "./resources-set.ts";

/** Also the export of `upkeep/policies`, for a policy pack with other policies besides these. */
export const policies = [
  alertActionable,
  alertWellFormed,
  backupFailsLoudly,
  backupWatched,
  bucketHardened,
  criticalReachesAPerson,
  cronjobEndsAndStarts,
  datastoreCovered,
  drillDeclared,
  imagePinned,
  leastPrivilege,
  noInlineSecret,
  podRestricted,
  protectWhatHoldsData,
  quantityAndZoneValid,
  recoveryPointKept,
  resourcesSet,
  // Last: it says which exemptions none of the others needed.
  exemptionsInDate,
];
