import { assumed, defineService } from "../domain/declaration.ts";

export const langObservatory = defineService({
  name: "lang-observatory",
  namespace: "lang-observatory",
  owner: { team: "lang-observatory" },
  indicators: {},
  objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
  workloads: [],
  datastores: [],
  endpoints: [],
  backups: [],
  alerts: [],
  windows: [],
  notify: { critical: ["pagerduty", "slack"], warning: ["slack"], info: [] },
});
