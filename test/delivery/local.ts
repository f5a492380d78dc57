import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../../domain/environment/environment.ts";
import type { AlertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import type { Sink } from "./sink.ts";

// biome-ignore lint/suspicious/noExplicitAny: a configuration is walked as JSON
type Json = any;

/** Where prometheus-operator mounts Secrets. */
const MOUNTED = "/etc/alertmanager/secrets";

/**
 * A rendered configuration as an Alertmanager on this machine can load it. Changed are the mounts' folder, the addresses of PagerDuty and
 * of the mail server (without TLS), and, by `faster`, the waits of routes; matchers, receivers, groups, templates and inhibitions are not.
 *
 * @param faster divisor of the waits
 */
export function local(configuration: AlertmanagerConfiguration, folder: string, sink: Sink, faster = 1): object {
  const walk = (value: Json, key = ""): Json => {
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
    if (key === "smarthost") return sink.smarthost;
    if (/^(group_wait|group_interval|repeat_interval)$/.test(key)) return `${milliseconds(value) / faster}ms`;
    if (typeof value === "string" && value.startsWith(MOUNTED)) return join(folder, value.slice(MOUNTED.length));
    return value;
  };
  return { global: { pagerduty_url: `${sink.url}/pagerduty`, smtp_require_tls: false }, ...walk(configuration) };
}

/** Writes the receivers' Secrets: URLs of the sink, by channel. */
export function writeSecrets(environment: Environment, folder: string, sink: Sink): void {
  const { receivers, deadMansSwitch } = environment.alerting;
  const channels = [...Object.values(receivers).flatMap(Object.entries), ["deadMansSwitch", deadMansSwitch]];
  for (const [channel, at] of channels) {
    if (!at) continue;
    const file = join(folder, at.secret, at.key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${sink.url}/${channel}`);
  }
}

const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function milliseconds(duration: string): number {
  const [, count, name] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  return Number(count) * unit[name as keyof typeof unit];
}
