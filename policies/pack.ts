import { PolicyPack } from "@pulumi/policy";
import { configurationMessage, readConfiguration } from "./configuration.ts";
import { setConfigured } from "./configured.ts";
import { policies } from "./policies.ts";
import { prepareServer } from "./server.ts";

prepareServer((configuration) => {
  const read = readConfiguration(configuration, policies, new Date().toISOString().slice(0, 10));
  if ("faults" in read) return configurationMessage("the configuration of upkeep-policies", read.faults);
  setConfigured(read.configured);
  return undefined;
});

// Constructing the pack starts its server: construct it only here, and never import this file in a test.
new PolicyPack("upkeep-policies", { policies });
