import type { Service } from "../declaration/service.ts";
import type { Receiver } from "../environment/environment.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { fallbackIn, pagersIn } from "./channels.ts";

/** The label `service` of alerts on Prometheus, Alertmanager and exporters, which belong to no service. */
export const PLATFORM = "upkeep";

/** The settings that routes of those alerts depend on. */
export type PlatformEnvironment = EnvironmentPart<"alerting.namespace" | "alerting.receivers">;

/** The fields of a service that routes read. */
export type Routed = Pick<Service, "name" | "namespace" | "owner" | "notify" | "windows" | "datastores">;

/** Prometheus, Alertmanager and exporters as routes see a service: their alerts go to the channels of the receiver `default`. */
export function platform({ alerting }: PlatformEnvironment): Routed {
  const receiver: Receiver = alerting.receivers.default ?? {};
  const fallback = fallbackIn(receiver);
  const warning = fallback ? [fallback] : [];
  return {
    name: PLATFORM,
    namespace: alerting.namespace,
    owner: { team: "default" },
    notify: { critical: [...new Set([...pagersIn(receiver), ...warning])], warning, info: [] },
    windows: [],
    datastores: [],
  };
}
