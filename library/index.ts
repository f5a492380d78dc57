/** The exports of `upkeep`: the whole program as one function, and its parts. */
export { type DeployArgs, deploy } from "../components/deploy.ts";
export { MaintainedService, type MaintainedServiceArgs } from "../components/service.ts";
export type { BrokenService, Declared } from "../domain/declaration/broken.ts";
export type { Service } from "../domain/declaration/service.ts";
export { type Environment, parseEnvironment } from "../domain/environment/environment.ts";
export { inEnvironment } from "../domain/environment/inEnvironment.ts";
export type * from "../domain/posture.ts";
export { posture } from "../domain/posture.ts";
export { DeclarationError, type Fault } from "../domain/values/fault.ts";
