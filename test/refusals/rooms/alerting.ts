import { serviceAlertFaults } from "../../../domain/alerting/alertFaults.ts";
import { healthFaults } from "../../../domain/alerting/healthFaults.ts";
import { logAlertFaults } from "../../../domain/alerting/logAlerts.ts";
import { objectiveFaults } from "../../../domain/alerting/objectiveFaults.ts";
import { logAlert } from "../../../domain/declaration/declaration.ts";
import type { Monitor, Objectives, Service } from "../../../domain/declaration/service.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { logged, own, withAlerts } from "../../support/ownAlert.ts";
import { shop } from "../../support/shop.ts";
import type { Room } from "../room.ts";

const environment = environmentOf("prod");
const { monitor, ...unmonitored } = shop;

const ofHealth = (changes: Partial<Service>) => healthFaults({ ...shop, ...changes }, environment);
const ofMonitor = (changes: Partial<Monitor>) => ofHealth({ monitor: { ...(monitor as Monitor), ...changes } });
const ofObjectives = (objectives: Partial<Objectives>, changes: Partial<Service> = {}, at = environment) => {
  const { recoveryPoint, recoveryTime } = shop.objectives;
  return objectiveFaults({ ...shop, ...changes, objectives: { recoveryPoint, recoveryTime, ...objectives } }, at);
};

const available = { availability: guide("99.9%") } as const;
const { loki: _, ...features } = environment.features;
const unlogged: Environment = { ...environment, features };
const forgetful = { ...environment, monitoring: { ...environment.monitoring, retention: "15d" } };
const { errorRate, latency } = shop.objectives;

export const room: Room = {
  title: "Alerts, health and objectives (domain/alerting)",
  sources: ["domain/alerting/*.ts"],
  examples: [
    { code: "alert-duplicate", faults: () => serviceAlertFaults(withAlerts(own, own), environment) },
    {
      code: "missing-feature",
      faults: () => logAlertFaults({ ...shop, logAlerts: [logAlert("LogErrorsHigh", logged)] }, unlogged),
    },
    { code: "missing-monitor", faults: () => healthFaults(unmonitored, environment) },
    { code: "monitor-deadline-too-short", faults: () => ofMonitor({ deadline: "30s" }) },
    { code: "monitor-job-taken", faults: () => ofMonitor({ job: "shop-orders-backup" }) },
    { code: "availability-too-low", faults: () => ofObjectives({ availability: guide("90%") }) },
    { code: "availability-without-budget", faults: () => ofObjectives({ availability: guide("100%") }) },
    { code: "metrics-retention-too-short", faults: () => ofObjectives(available, {}, forgetful) },
    { code: "objective-unmeasured", faults: () => ofObjectives(available, { indicators: {}, endpoints: [] }) },
    {
      code: "objective-unmeasured",
      faults: () => ofObjectives({ ...(errorRate && { errorRate }), ...(latency && { latency }) }, { indicators: {} }),
    },
  ],
};
