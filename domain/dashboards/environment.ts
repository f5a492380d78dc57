import type { ProbeEnvironment } from "../alerting/probes.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import type { RuleEnvironment } from "../prometheus/rules.ts";

/** The settings that a dashboard depends on. In a file without Grafana's types, because the library's declaration files name it. */
export type DashboardEnvironment = RuleEnvironment & ProbeEnvironment & EnvironmentPart<"features.vpa">;
