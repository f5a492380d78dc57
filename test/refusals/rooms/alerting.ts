import { alertFaults, serviceAlertFaults } from "../../../domain/alerting/alertFaults.ts";
import { healthFaults } from "../../../domain/alerting/healthFaults.ts";
import { indicatorFaults } from "../../../domain/alerting/indicators.ts";
import { objectiveFaults } from "../../../domain/alerting/objectiveFaults.ts";
import type { Endpoint } from "../../../domain/declaration/endpoint.ts";
import type { Alert, Indicators, Monitor, Objectives, Service } from "../../../domain/declaration/service.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { own, withAlerts } from "../../support/ownAlert.ts";
import { shop } from "../../support/shop.ts";
import type { Room } from "../room.ts";

const environment = environmentOf("prod");
const { monitor, ...unmonitored } = shop;
const address = "https://shop.example.com/health";

const ofAlert = (changes: Partial<Alert>) => alertFaults({ ...own, ...changes }, "alerts[0]");
const ofHealth = (changes: Partial<Service>) => healthFaults({ ...shop, ...changes }, environment);
const ofMonitor = (changes: Partial<Monitor>) => ofHealth({ monitor: { ...(monitor as Monitor), ...changes } });
const ofEndpoint = (name: string, urls: string[]) => {
  const endpoint: Endpoint = { name, urls, severity: "critical", for: assumed("2m") };
  return ofHealth({ endpoints: [endpoint] });
};
const ofIndicators = (indicators: Indicators) => indicatorFaults({ ...shop, indicators });
const ofObjectives = (objectives: Partial<Objectives>, changes: Partial<Service> = {}, at = environment) => {
  const { recoveryPoint, recoveryTime } = shop.objectives;
  return objectiveFaults({ ...shop, ...changes, objectives: { recoveryPoint, recoveryTime, ...objectives } }, at);
};

const available = { availability: guide("99.9%") } as const;
const forgetful = { ...environment, monitoring: { ...environment.monitoring, retention: "15d" } };
const { errorRate, latency } = shop.objectives;

export const room: Room = {
  title: "Alerts, health and objectives (domain/alerting)",
  sources: ["domain/alerting/*.ts"],
  examples: [
    { code: "alert-name-invalid", faults: () => ofAlert({ name: "disk-usage" }) },
    { code: "alert-text-empty", faults: () => ofAlert({ summary: "", description: "" }) },
    { code: "scope-missing", faults: () => ofAlert({ expr: "disk_usage > 90" }) },
    { code: "scope-missing", faults: () => ofIndicators({ duration: 'http_seconds{job="api"}' }) },
    { code: "alert-duplicate", faults: () => serviceAlertFaults(withAlerts(own, own), environment) },
    { code: "monitor-missing", faults: () => healthFaults(unmonitored, environment) },
    { code: "monitor-deadline-too-short", faults: () => ofMonitor({ deadline: "30s" }) },
    { code: "monitor-job-taken", faults: () => ofMonitor({ job: "shop-orders-backup" }) },
    { code: "endpoint-name-invalid", faults: () => ofEndpoint("An API", [address]) },
    { code: "endpoint-address-missing", faults: () => ofEndpoint("api", []) },
    { code: "endpoint-address-invalid", faults: () => ofEndpoint("api", ["shop.example.com/health"]) },
    { code: "indicator-invalid", faults: () => ofIndicators({ duration: "sum(http_seconds)" }) },
    {
      code: "matcher-invalid",
      faults: () => ofIndicators({ requests: { total: "http_requests_total", failed: "5.." } }),
    },
    { code: "availability-too-low", faults: () => ofObjectives({ availability: guide("90%") }) },
    { code: "availability-without-budget", faults: () => ofObjectives({ availability: guide("100%") }) },
    { code: "metrics-retention-too-short", faults: () => ofObjectives(available, {}, forgetful) },
    { code: "objective-unmeasured", faults: () => ofObjectives(available, { indicators: {}, endpoints: [] }) },
    {
      code: "objective-unmeasured",
      faults: () => ofObjectives({ ...(errorRate && { errorRate }), ...(latency && { latency }) }, { indicators: {} }),
    },
    {
      code: "percentile-out-of-range",
      faults: () =>
        ofObjectives({ latency: [{ percentile: 100, below: guide("1s"), for: guide("10m"), severity: "warning" }] }),
    },
  ],
};
