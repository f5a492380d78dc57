import { assumed, defineService } from "../domain/declaration.ts";

export const taskMcp = defineService({
  name: "task-mcp",
  namespace: "task-mcp",
  owner: { team: "task-mcp" },
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
