/** What a file of services/ is written with. */
export { cloudNativePg, pgBackRest, rds } from "./continuous.ts";
export { configuration, grafana, postgres, redis, secret, volume } from "./datastore.ts";
export { endpoint } from "./endpoint.ts";
export { daily } from "./schedule.ts";
export { alert, backup, defineService } from "./service.ts";
export { assumed, guide } from "./sourced.ts";
export { maintenanceWindow } from "./window.ts";
export { daemonSet, deployment, statefulSet } from "./workload.ts";
