/** Everything that a file of services/ imports. */

export { daily } from "../values/schedule.ts";
export { assumed, guide } from "../values/sourced.ts";
export { cloudNativePg, pgBackRest, rds } from "./continuous.ts";
export * from "./datastore.ts";
export { endpoint } from "./endpoint.ts";
export { job } from "./ownJob.ts";
export { alert, backup, defineService, logAlert } from "./service.ts";
export { unserved } from "./unserved.ts";
export { maintenanceWindow } from "./window.ts";
export { daemonSet, deployment, statefulSet } from "./workload.ts";
