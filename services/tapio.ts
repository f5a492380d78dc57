import { assumed, defineService } from "../domain/declaration.ts";

export const tapio = defineService({
  name: "tapio",
  namespace: "tapio-system",
  owner: { team: "tapio" },
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
