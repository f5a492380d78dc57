import * as endpoints from "./alerts/endpoints.ts";
import * as features from "./alerts/features.ts";
import * as jobs from "./alerts/jobs.ts";
import * as objectives from "./alerts/objectives.ts";
import { ownProofs } from "./alerts/own.ts";
import * as platform from "./alerts/platform.ts";
import * as volumes from "./alerts/volumes.ts";
import { maintenanceWindow } from "./alerts/windows.ts";
import * as workloads from "./alerts/workloads.ts";
import type { Clock, Proof, Subject } from "./proof.ts";

/** How each alert that the engine makes is proven, by its name. A new alert needs a row here, or in ownProofs. */
const proofs: Record<string, (subject: Subject) => Proof | Clock> = {
  AutoscalerInactive: workloads.autoscalerInactive,
  AutoscalerMaxedOut: workloads.autoscalerMaxedOut,
  CacheEvicting: features.cacheEvicting,
  CacheFragmented: features.cacheFragmented,
  CacheMemoryHigh: features.cacheMemoryHigh,
  CertificateExpiring: endpoints.certificateExpiring,
  CertificateNotReady: features.certificateNotReady,
  CertificateNotRenewed: features.certificateNotRenewed,
  CollectorDataLost: platform.collectorDataLost,
  CollectorQueueHigh: platform.collectorQueueHigh,
  CollectorRefusing: platform.collectorRefusing,
  ConfigurationAuditCritical: features.configurationAuditCritical,
  ConfigurationReloadFailed: platform.configurationReloadFailed,
  DatabaseConnectionsHigh: features.databaseConnectionsHigh,
  DatabaseDeadRowsHigh: features.databaseDeadRowsHigh,
  DatastoreSizeHigh: features.datastoreSizeHigh,
  DrillSlow: jobs.drillSlow,
  EndpointDown: endpoints.endpointDown,
  EndpointFlapping: endpoints.endpointFlapping,
  ErrorBudgetBurn: objectives.errorBudgetBurn,
  ErrorBudgetLow: objectives.errorBudgetLow,
  ErrorRateHigh: objectives.errorRateHigh,
  ExporterMissing: platform.exporterMissing,
  GrafanaDataSourceFailing: platform.grafanaDataSourceFailing,
  IndicatorMissing: objectives.indicatorMissing,
  LatencyHigh: objectives.latencyHigh,
  MaintenanceJobFailed: jobs.maintenanceJobFailed,
  MaintenanceJobMissing: jobs.maintenanceJobMissing,
  MaintenanceJobStale: jobs.maintenanceJobStale,
  MaintenanceJobSuspended: jobs.maintenanceJobSuspended,
  MaintenanceWindow: maintenanceWindow,
  NotificationsFailing: platform.notificationsFailing,
  ProbeMissing: endpoints.probeMissing,
  ReplicationLagHigh: features.replicationLagHigh,
  RetentionTooShort: platform.retentionTooShort,
  RuleEvaluationFailing: platform.ruleEvaluationFailing,
  RulesNotLoaded: platform.rulesNotLoaded,
  SecretOld: features.secretOld,
  SilenceLasting: platform.silenceLasting,
  TransactionIdsLow: features.transactionIdsLow,
  VolumeFilling: volumes.volumeFilling,
  VolumeInodesFilling: volumes.volumeInodesFilling,
  VulnerabilitiesCritical: features.vulnerabilitiesCritical,
  VulnerabilityReportsMissing: features.vulnerabilityReportsMissing,
  Watchdog: platform.watchdog,
  WorkloadCpuHigh: workloads.workloadCpuHigh,
  WorkloadMemoryHigh: workloads.workloadMemoryHigh,
  WorkloadNotReady: workloads.workloadNotReady,
};

/**
 * How an alert is proven: as its service's own where it declares one of that name, else as the engine's.
 *
 * @throws Error where no row is written for it
 */
export function proofOf(subject: Subject): Proof | Clock {
  const { alert, labels } = subject.rule;
  const proof = ownProofs[`${labels.service}/${alert}`] ?? proofs[alert];
  if (!proof)
    throw new Error(
      `${alert} of ${labels.service} has no proof: add a row to test/rules/proofs/table.ts or alerts/own.ts`,
    );
  return proof(subject);
}
