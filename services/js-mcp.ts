import { assumed, defineService } from "../domain/declaration.ts";

export const jsMcp = defineService({
  name: "js-mcp",
  namespace: "js-mcp",
  owner: { team: "js-mcp" },
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
