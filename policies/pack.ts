import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

// Constructing the pack starts its server: construct it only here, and never import this file in a test.
new PolicyPack("upkeep-policies", { policies });
