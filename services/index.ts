import { refuseFaults } from "../domain/fault.ts";
import type { Service } from "../domain/service.ts";
import { jsMcp } from "./js-mcp.ts";
import { langObservatory } from "./lang-observatory.ts";
import { mplp } from "./mplp.ts";
import { tapio } from "./tapio.ts";
import { taskMcp } from "./task-mcp.ts";

/** Every service that Upkeep knows. */
export const services: Service[] = [taskMcp, jsMcp, mplp, tapio, langObservatory];

/**
 * The services that an environment enables.
 *
 * @throws DeclarationError naming each service that does not exist, and those that do
 */
export function enabledServices(names: string[]): Service[] {
  const known = services.map(({ name }) => name);
  refuseFaults(
    "upkeep:services",
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: "a service",
        got: `"${name}"`,
        allowed: known.join(", "),
        fix: "correct the name, or declare it in services/",
      })),
  );
  return services.filter(({ name }) => names.includes(name));
}
