import { PolicyPack } from "@pulumi/policy";
import { alertWellFormed } from "./alert-well-formed.ts";
import { bucketHardened } from "./bucket-hardened.ts";
import { cronjobHardened } from "./cronjob-hardened.ts";
import { datastoreCovered } from "./datastore-covered.ts";
import { imagePinned } from "./image-pinned.ts";
import { noInlineSecret } from "./no-inline-secret.ts";
import { recoveryPointKept } from "./recovery-point-kept.ts";

// Constructing the pack starts its server: construct it only here, and never import this file in a test.
new PolicyPack("upkeep-policies", {
  policies: [
    alertWellFormed,
    bucketHardened,
    cronjobHardened,
    datastoreCovered,
    imagePinned,
    noInlineSecret,
    recoveryPointKept,
  ],
});
