/** The exports of `upkeep/declaration`: everything that a file of `services/` uses, and its types. */
export type * from "../domain/declaration/configurationKinds.ts";
export type * from "../domain/declaration/continuous.ts";
export type * from "../domain/declaration/datastore.ts";
export * from "../domain/declaration/declaration.ts";
export type * from "../domain/declaration/drill.ts";
export type * from "../domain/declaration/endpoint.ts";
export type * from "../domain/declaration/keep.ts";
export type * from "../domain/declaration/service.ts";
export type * from "../domain/declaration/storageClass.ts";
export type * from "../domain/declaration/window.ts";
export type * from "../domain/declaration/workload.ts";
export type { Duration, Latency } from "../domain/values/duration.ts";
export type { Percent } from "../domain/values/percent.ts";
export type { Channel, Severity } from "../domain/values/severity.ts";
export type { Size } from "../domain/values/size.ts";
export type { Sourced } from "../domain/values/sourced.ts";
export type { Weekday } from "../domain/values/weekday.ts";
