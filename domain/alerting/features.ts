import type { EnvironmentPart } from "../environment/part.ts";
import type { AlertFacts } from "../prometheus/rules.ts";
import { certManager } from "./features/certManager.ts";
import type { WatchedFeature, WatchedService } from "./features/feature.ts";
import { grafana } from "./features/grafana.ts";
import { otelCollector } from "./features/otelCollector.ts";
import { postgresExporter } from "./features/postgresExporter.ts";
import { redisExporter } from "./features/redisExporter.ts";
import { trivyOperator } from "./features/trivyOperator.ts";
import { vpa } from "./features/vpa.ts";

type Feature =
  | "certManager"
  | "trivyOperator"
  | "postgresExporter"
  | "redisExporter"
  | "otelCollector"
  | "grafana"
  | "vpa";

/** The settings that decide what is watched besides a service's own facts. */
export type FeatureEnvironment = EnvironmentPart<`features.${Feature}`>;

/** One row per feature that gives alerts, or whose exporter one watches. */
const watchedFeatures: { [F in Feature]: WatchedFeature } = {
  certManager,
  trivyOperator,
  postgresExporter,
  redisExporter,
  otelCollector,
  grafana,
  vpa,
};

/** The features that the environment has. */
export function watchedFeaturesIn({ features }: FeatureEnvironment): WatchedFeature[] {
  return Object.entries(watchedFeatures).flatMap(([name, feature]) => (features[name as Feature] ? [feature] : []));
}

/** The alerts on what the cluster's features measure of a service. */
export function featureAlerts(service: WatchedService, environment: FeatureEnvironment): AlertFacts[] {
  return watchedFeaturesIn(environment).flatMap((feature) => feature.alerts(service));
}
