import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Environment, parseEnvironment, upkeepSettings } from "../../domain/environment/environment.ts";

/** The `upkeep:` settings of a stack's file, as the program gets them. */
export function settingsOf(stack: string): Record<string, unknown> {
  const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: Record<string, unknown> };
  return upkeepSettings(config);
}

/** A stack's environment as its file declares it. @param changes settings that differ */
export function environmentOf(stack: string, changes: Record<string, unknown> = {}): Environment {
  return parseEnvironment(stack, { ...settingsOf(stack), ...changes });
}

/** prod with these features that give alerts, and no others. */
export function withFeatures(...features: string[]): Environment {
  const watched = [
    "certManager",
    "trivyOperator",
    "postgresExporter",
    "redisExporter",
    "otelCollector",
    "grafana",
    "vpa",
  ];
  const chosen = Object.fromEntries(watched.map((name) => [name, features.includes(name)]));
  return environmentOf("prod", { features: { ...(settingsOf("prod").features as object), ...chosen } });
}
