import { createHash } from "node:crypto";
import { isSandbox } from "./engine.ts";

type Config = Record<string, unknown>;

/**
 * A stack's configuration without its kubeconfig, if any: with it the program would query that cluster. The sandbox's own cluster is
 * on this machine.
 */
export function withoutCluster(stack: string, config: Config): Config {
  if (isSandbox(stack) || !isRecord(config["upkeep:kubernetes"])) return config;
  const { kubeconfig: _, ...kubernetes } = config["upkeep:kubernetes"];
  return { ...config, "upkeep:kubernetes": kubernetes };
}

/**
 * The same with another text for each encrypted value: who may not decrypt it can still preview. The text is another one once the value is
 * encrypted anew, as for another secret.
 */
export function withoutSecrets(config: Config): Config {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, readable(value)]));
}

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (!isRecord(value)) return value;
  const { secure, ...others } = value;
  if (typeof secure !== "string" || Object.keys(others).length > 0) return withoutSecrets(value);
  return `encrypted-${createHash("sha256").update(secure).digest("hex").slice(0, 16)}`;
}

function isRecord(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
