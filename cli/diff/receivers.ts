import { changes, formatPath } from "../../standins/changes.ts";
import type { PromiseChange } from "./report.ts";
import { shown } from "./shown.ts";

/** Settings under `upkeep:alerting` that decide whom an alert reaches, whatever the services say. */
const deciding = ["owner", "namespace", "pages", "deadMansSwitch", "receivers", "others"];

type Config = Record<string, unknown>;

/** How the receivers of two configurations of a stack differ: their settings refer to Secrets, and hold none. */
export function receiverChanges(before: Config | undefined, after: Config): PromiseChange[] {
  if (before === undefined) return [];
  return changes(alerting(before), alerting(after)).map(({ path, kind }) => ({
    subject: `upkeep:alerting.${formatPath(path)}`,
    what: "setting of receivers",
    ...(kind !== "add" && { before: shown(valueAt(alerting(before), path)) }),
    ...(kind !== "delete" && { after: shown(valueAt(alerting(after), path)) }),
    direction: kind === "delete" ? "worse" : kind === "add" ? "better" : "changed",
  }));
}

function alerting(config: Config): Config {
  const settings = (config["upkeep:alerting"] ?? {}) as Config;
  return Object.fromEntries(deciding.map((key) => [key, settings[key]]));
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<string | number, unknown> | undefined)?.[step], value);
}
