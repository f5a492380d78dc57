import type { Service } from "../../declaration/service.ts";
import type { AlertFacts } from "../../prometheus/rules.ts";

/** The part of a service that the features' alerts need. */
export type WatchedService = Pick<Service, "namespace" | "datastores">;

/** What a feature of the cluster measures, and the alerts on it. */
export interface WatchedFeature {
  /** The alerts of one service. */
  alerts(service: WatchedService): AlertFacts[];
  /** The alerts that it has once per cluster: on what belongs to no service. */
  platform?: readonly AlertFacts[];
  /** What exports its series, if it is one for the whole cluster. One per datastore has its ExporterMissing among `alerts`. */
  exporter?: {
    /** As `ExporterMissing` names it. */
    name: string;
    /** PromQL that gives a series while nothing of it is scraped. */
    down: string;
    /** What is lost then, as a clause. */
    lost: string;
  };
}
