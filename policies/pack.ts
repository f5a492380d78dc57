import { PolicyPack } from "@pulumi/policy";
import { cronjobHardened } from "./cronjob-hardened.ts";
import { imagePinned } from "./image-pinned.ts";

// Constructing the pack starts its server: nothing else may, and no test imports this file.
new PolicyPack("upkeep-policies", { policies: [cronjobHardened, imagePinned] });
