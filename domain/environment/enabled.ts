import type { Service } from "../declaration/service.ts";
import { refuseFaults } from "../values/fault.ts";

/**
 * The services that a setting names.
 *
 * @throws DeclarationError naming each unknown service, and the known ones
 */
export function enabledServices(declared: Service[], names: string[], setting = "upkeep:services"): Service[] {
  const known = declared.map(({ name }) => name);
  refuseFaults(
    setting,
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        code: "unknown-service",
        path: "a service",
        got: `"${name}"`,
        allowed: known.join(", "),
        fix: "correct the name, or declare it in services/",
      })),
  );
  return declared.filter(({ name }) => names.includes(name));
}
